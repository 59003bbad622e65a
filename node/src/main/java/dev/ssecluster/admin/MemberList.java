package dev.ssecluster.admin;

import dev.ssecluster.model.GroupMember;
import java.util.List;

/**
 * What one node knows of a group.
 *
 * @param count its members there
 * @param members those that were asked for
 */
record MemberList(int count, List<GroupMember> members) {}

package dev.ssecluster.model;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * Who is in a group.
 *
 * @param count all of them, on all pages
 * @param members some of them, by connection id
 * @param complete false when a node did not answer in time: its members are missing, and are not counted
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record GroupMembers(
        @JsonProperty("group") String group,
        @JsonProperty("count") int count,
        @JsonProperty("members") List<GroupMember> members,
        @JsonProperty("complete") boolean complete) {}

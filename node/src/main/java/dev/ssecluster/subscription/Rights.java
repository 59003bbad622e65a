package dev.ssecluster.subscription;

import org.springframework.stereotype.Component;

/** What the caller of the current request may do with subscriptions. */
@Component
class Rights {

    /** Everybody may do everything until there is security. */
    void checkMayActFor(String user) {}

    void checkMayJoin(String group) {}

    /** Whether the user needs the right to join the group at each open, because nobody vouches for it. */
    boolean isSelfMade() {
        return true;
    }
}

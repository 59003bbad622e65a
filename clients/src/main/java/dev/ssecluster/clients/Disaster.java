package dev.ssecluster.clients;

import java.util.concurrent.Phaser;

/** Something that happens once, when everyone who waits for it is ready, and who is not has left. */
final class Disaster extends Phaser {

    private final Runnable action;

    /** @param parties how many there are */
    Disaster(int parties, Runnable action) {
        super(parties);
        this.action = action;
    }

    /** Everybody has said so. */
    @Override
    protected boolean onAdvance(int phase, int registered) {
        if (phase == 0) {
            action.run();
        }
        return registered == 0;
    }
}

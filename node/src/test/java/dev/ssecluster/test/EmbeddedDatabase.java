package dev.ssecluster.test;

import dev.ssecluster.local.LocalMariaDb;

/** A child process. */
record EmbeddedDatabase(LocalMariaDb server) implements DatabaseServer {

    @Override
    public Database database() {
        return new Database(server.jdbcUrl(), server.username(), server.password());
    }

    @Override
    public void pause() {
        server.pause();
    }

    @Override
    public void resume() {
        server.resume();
    }

    @Override
    public void kill() {
        server.kill();
    }

    @Override
    public void restart() {
        server.restart();
    }

    @Override
    public void close() {
        server.close();
    }
}

package dev.ssecluster.test;

/** Where an empty-born MySQL or MariaDB is, with its database {@code sse}. */
public record Database(String jdbcUrl, String username, String password) {}

/** What must not be lost, in MySQL or MariaDB: messages and how far each user was served. */
@NullMarked
package dev.ssecluster.store;

import org.jspecify.annotations.NullMarked;

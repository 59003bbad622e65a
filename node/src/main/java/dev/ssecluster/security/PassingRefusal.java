package dev.ssecluster.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Answers for requests whose clients would never come back after a 503, when their tokens cannot be verified at the moment. */
public interface PassingRefusal {

    /** Answers the request, if it is one of those; says whether it did. */
    boolean answer(HttpServletRequest request, HttpServletResponse response) throws IOException;
}

package dev.ssecluster.body;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.springframework.stereotype.Component;

/**
 * Reads and drops what is left of a body that was refused before its end. Otherwise the connection would be closed while bytes
 * are on their way: that resets it, and the client loses an answer that it has not read yet, or a next request on a connection
 * that it took for reusable. The answer goes out first.
 */
@Component
final class UnreadBodies implements Filter {

    private static final int MOST_BYTES = 1024 * 1024;

    private static final long MOST_NANOS = Duration.ofSeconds(5).toNanos();

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        chain.doFilter(request, response);
        int status = ((HttpServletResponse) response).getStatus();
        if (status >= 400 && status != HttpServletResponse.SC_REQUEST_TIMEOUT) {
            response.flushBuffer();
            drop(request);
        }
    }

    private static void drop(ServletRequest request) {
        try {
            drop(request.getInputStream());
        } catch (IOException | RuntimeException e) {
            // The answer is out; the connection ends.
        }
    }

    private static void drop(InputStream in) throws IOException {
        byte[] dropped = new byte[8192];
        long start = System.nanoTime();
        long total = 0;
        while (total < MOST_BYTES && System.nanoTime() - start < MOST_NANOS) {
            int count = in.read(dropped);
            if (count < 0) {
                return;
            }
            total += count;
        }
    }
}

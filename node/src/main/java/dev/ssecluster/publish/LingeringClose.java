package dev.ssecluster.publish;

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
 * Lets the answer to a body that is too large arrive. Closing a connection while bytes are on their way resets it, and the client
 * loses the answer that it has not read yet. So the answer goes out first, and then some more of the body is read and dropped.
 */
@Component
final class LingeringClose implements Filter {

    private static final int MOST_BYTES = 1024 * 1024;

    private static final long MOST_NANOS = Duration.ofSeconds(5).toNanos();

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        chain.doFilter(request, response);
        if (((HttpServletResponse) response).getStatus() == HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE) {
            response.flushBuffer();
            drop(request);
        }
    }

    private static void drop(ServletRequest request) {
        try {
            drop(request.getInputStream());
        } catch (IOException | RuntimeException e) {
            // The answer is out, and the connection ends anyway.
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

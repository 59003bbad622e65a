package dev.ssecluster.problem;

import dev.ssecluster.model.Problem;
import java.nio.ByteBuffer;
import java.util.Locale;
import org.eclipse.jetty.ee11.webapp.AbstractConfiguration;
import org.eclipse.jetty.ee11.webapp.WebAppContext;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/**
 * Answers what never reaches Spring MVC: malformed HTTP, ambiguous paths, headers that are too large, and whatever a filter or
 * servlet reports with {@code sendError}. The answers say nothing that came from the request.
 */
@Component
final class JettyProblems extends ErrorHandler implements WebServerFactoryCustomizer<JettyServletWebServerFactory> {

    private final Problems problems;

    JettyProblems(Problems problems) {
        this.problems = problems;
    }

    @Override
    public void customize(JettyServletWebServerFactory factory) {
        factory.addServerCustomizers(server -> server.setErrorHandler(this));
        factory.addConfigurations(new InContext(this));
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        RefusedException refusal = RefusedException.ofStatus(status(request, response));
        Locale language = Language.of(request.getHeaders().get("Accept-Language"));
        Problem problem = problems.of(refusal, language, null);
        response.setStatus(problem.status());
        problems.headers(refusal, language).forEach((name, value) -> response.getHeaders().put(name, value));
        response.write(true, ByteBuffer.wrap(problems.json(problem)), callback);
        return true;
    }

    private static int status(Request request, Response response) {
        return request.getAttribute(ERROR_EXCEPTION) instanceof HttpException http ? http.getCode() : response.getStatus();
    }

    /** Takes the place of Boot's own handler, which would show pages in HTML; it runs after Boot's configuration. */
    private static final class InContext extends AbstractConfiguration {

        private final ErrorHandler handler;

        InContext(ErrorHandler handler) {
            super(new Builder());
            this.handler = handler;
        }

        @Override
        public void configure(WebAppContext context) {
            context.setErrorHandler(handler);
        }
    }
}

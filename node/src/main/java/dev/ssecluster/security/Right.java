package dev.ssecluster.security;

/** What a caller needs for an endpoint as a whole, before its request is looked at. */
public enum Right {
    /** Any valid token. What it may do depends on the request: the endpoint asks the {@link Caller}. */
    ANY_TOKEN("") {
        @Override
        boolean isHeldBy(Caller caller) {
            return true;
        }
    },
    /** May send; to whom, the endpoint asks the {@link Caller} for each target. */
    PUBLISH(Scopes.PUBLISH) {
        @Override
        boolean isHeldBy(Caller caller) {
            return caller.mayPublish();
        }
    },
    /** May administer. */
    ADMINISTER(Scopes.ADMIN) {
        @Override
        boolean isHeldBy(Caller caller) {
            return caller.mayAdminister();
        }
    };

    private final String scope;

    Right(String scope) {
        this.scope = scope;
    }

    /** The scope that gives it; empty for {@link #ANY_TOKEN}. */
    String scope() {
        return scope;
    }

    abstract boolean isHeldBy(Caller caller);
}

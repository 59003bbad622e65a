package dev.ssecluster.body;

import dev.ssecluster.problem.ProblemType;
import dev.ssecluster.problem.RefusedException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class BodyBudgetTests {

    private final BodyBudget budget = new BodyBudget(100 * 1024);

    @Test
    void whenOthersHaveTakenItThenABodyIsRefusedUntilTheyEnd() {
        try (BodyBudget.Reservation second = budget.reserve()) {
            try (BodyBudget.Reservation first = budget.reserve()) {
                first.take(30 * 1024);
                first.take(30 * 1024);
                assertThatExceptionOfType(RefusedException.class).isThrownBy(() -> second.take(60 * 1024))
                        .returns(ProblemType.NOT_SENT, RefusedException::type);
            }
            assertThatCode(() -> second.take(90 * 1024)).doesNotThrowAnyException();
        }
    }

    @Test
    void whenEveryBodyEndsThenNothingIsLost() {
        for (int i = 0; i < 1_000; i++) {
            try (BodyBudget.Reservation reservation = budget.reserve()) {
                reservation.take(99 * 1024);
            }
        }
    }
}

package dev.ssecluster.problem;

import dev.ssecluster.model.Defect;
import java.util.ResourceBundle;
import java.util.ResourceBundle.Control;
import java.util.Set;
import org.junit.jupiter.api.Test;

import static java.util.Locale.CHINESE;
import static java.util.Locale.ROOT;
import static org.assertj.core.api.Assertions.assertThat;

class MessagesTests {

    private final Set<String> english = keys(ResourceBundle.getBundle("messages", ROOT, noFallback()));
    private final Set<String> chinese = keys(ResourceBundle.getBundle("messages", CHINESE, noFallback()));

    @Test
    void whenAMessageIsInOneLanguageThenItIsInTheOther() {
        assertThat(chinese).isEqualTo(english);
    }

    @Test
    void everyProblemAndDefectHasItsTexts() {
        for (ProblemType type : ProblemType.values()) {
            assertThat(english).contains("problem." + type.slug() + ".title", "problem." + type.slug() + ".detail");
        }
        for (Defect defect : Defect.values()) {
            assertThat(english).contains("fault." + defect.code());
        }
    }

    private static Set<String> keys(ResourceBundle bundle) {
        return bundle.keySet();
    }

    private static Control noFallback() {
        return Control.getNoFallbackControl(Control.FORMAT_PROPERTIES);
    }
}

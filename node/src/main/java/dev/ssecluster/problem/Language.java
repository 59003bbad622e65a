package dev.ssecluster.problem;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;
import org.springframework.context.support.ResourceBundleMessageSource;

/** The languages of titles, details and messages. The machine's own locale plays no part. */
final class Language {

    private static final List<Locale> SUPPORTED = List.of(Locale.ENGLISH, Locale.CHINESE);

    /** Characters of a header that is looked at: what browsers send is far shorter, and long ones take milliseconds to parse. */
    private static final int LONGEST = 256;

    private static final MessageSource BUNDLE = bundle();

    private Language() {}

    /** The best supported language for an {@code Accept-Language} header; English when there is none, or far too much of one. */
    static Locale of(@Nullable String acceptLanguage) {
        if (acceptLanguage == null || acceptLanguage.length() > LONGEST || acceptLanguage.isBlank()) {
            return Locale.ENGLISH;
        }
        try {
            Locale found = Locale.lookup(Locale.LanguageRange.parse(acceptLanguage), SUPPORTED);
            return found == null ? Locale.ENGLISH : found;
        } catch (IllegalArgumentException malformed) {
            return Locale.ENGLISH; // a header for people's convenience is no reason for another problem
        }
    }

    static String text(Locale language, String key, Object... args) {
        return BUNDLE.getMessage(key, args, language);
    }

    private static MessageSource bundle() {
        ResourceBundleMessageSource bundle = new ResourceBundleMessageSource();
        bundle.setBasename("messages");
        bundle.setDefaultEncoding("UTF-8");
        bundle.setFallbackToSystemLocale(false);
        bundle.setAlwaysUseMessageFormat(true);
        return bundle;
    }
}

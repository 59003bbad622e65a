package dev.ssecluster.security;

import jakarta.servlet.http.Cookie;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;

import static org.assertj.core.api.Assertions.assertThat;

/** Requests whose tokens are blank. */
class TokensTests {

    private final Tokens tokens = new Tokens(new Origins(new SecuritySettings(Set.of(), Set.of(), "sub", true)), true);
    private final MockHttpServletRequest request = new MockHttpServletRequest("GET", "/api/v1/sse/messages");

    private void cookies(Cookie... cookies) {
        request.addHeader("Cookie", "something");
        request.addHeader("Sec-Fetch-Site", "same-origin");
        if (cookies.length > 0) {
            request.setCookies(cookies);
        }
    }

    private void query(String value) {
        request.setQueryString(HiddenToken.SHOWN);
        request.setParameter(Tokens.PARAMETER, value);
    }

    @Test
    void whenNothingOfTheCookieHeaderCanBeReadThenThereIsNoToken() {
        cookies();
        assertThat(request.getCookies()).isNull();
        assertThat(tokens.resolve(request)).isNull();
    }

    @Test
    void whenTheCookieIsEmptyThenThereIsNoToken() {
        cookies(new Cookie(Tokens.COOKIE, ""));
        assertThat(tokens.resolve(request)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer ", "Bearer  ", "bearer \t"})
    void whenTheHeaderHasNothingBehindItsSchemeThenThereIsNoToken(String header) {
        request.addHeader("Authorization", header);
        assertThat(Tokens.inHeader(request)).isNull();
        assertThat(tokens.resolve(request)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " "})
    void whenTheParameterIsBlankThenThereIsNoToken(String value) {
        query(value);
        assertThat(tokens.resolve(request)).isNull();
    }

    @Test
    void whenOnePlaceIsBlankThenTheNextCounts() {
        request.addHeader("Authorization", "Bearer ");
        cookies(new Cookie(Tokens.COOKIE, ""));
        query("a.b.c");
        assertThat(tokens.resolve(request)).isEqualTo("a.b.c");
    }
}

package dev.ssecluster.limit;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ClientAddressTests {

    private static final ClientAddress BEHIND_PROXIES = trusting("10.0.0.0/8", "192.168.1.7", "fd00::/8");

    static ClientAddress trusting(String... proxies) {
        return new ClientAddress(new ConnectionLimits(List.of(proxies), Duration.ofSeconds(10), Duration.ofSeconds(30)));
    }

    static MockHttpServletRequest request(String remote, String... forwardedFor) {
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.setRemoteAddr(remote);
        for (String header : forwardedFor) {
            request.addHeader("X-Forwarded-For", header);
        }
        return request;
    }

    @Test
    void whenNoProxyIsTrustedThenNobodyIsBelieved() {
        assertThat(trusting().of(request("10.0.0.1", "1.2.3.4"))).isEqualTo(InetAddress.ofLiteral("10.0.0.1"));
    }

    @ParameterizedTest
    @CsvSource({
        "1.2.3.4, 9.9.9.9, 1.2.3.4",
        "11.0.0.1, 9.9.9.9, 11.0.0.1",
        "192.168.1.8, 9.9.9.9, 192.168.1.8",
        "10.0.0.1, 1.2.3.4, 1.2.3.4",
        "10.255.255.255, 1.2.3.4, 1.2.3.4",
        "192.168.1.7, 1.2.3.4, 1.2.3.4",
        "10.0.0.1, '9.9.9.9, 1.2.3.4', 1.2.3.4",
        "10.0.0.1, '9.9.9.9,1.2.3.4 , 10.1.1.1', 1.2.3.4",
        "10.0.0.1, '10.1.1.2, 10.1.1.1', 10.1.1.2",
        "10.0.0.1, '1.2.3.4:5678', 1.2.3.4",
        "10.0.0.1, '[2001:db8::1]:443', 2001:db8::1",
        "10.0.0.1, 2001:db8::1, 2001:db8::1",
        "[fd00::1], 2001:db8::1, 2001:db8::1",
        "[fe80::1%eth0], 2001:db8::1, fe80::1",
        "10.0.0.1, ::ffff:1.2.3.4, 1.2.3.4",
        "10.0.0.1, unknown, 10.0.0.1",
        "10.0.0.1, '1.2.3.4, evil.example', 10.0.0.1",
        "10.0.0.1, '1.2.3.4, 10.1.1.1, 300.1.1.1', 10.0.0.1",
        "10.0.0.1, '1.2.3.4, _hidden, 10.1.1.1', 10.1.1.1",
        "10.0.0.1, '', 10.0.0.1",
        "10.0.0.1, ',', 10.0.0.1"
    })
    void whenProxiesAreTrustedThenTheNearestAddressThatIsNoneCounts(String remote, String forwardedFor, String client) {
        assertThat(BEHIND_PROXIES.of(request(remote, forwardedFor))).isEqualTo(InetAddress.ofLiteral(client));
    }

    @Test
    void whenProxiesAddHeadersThenTheLastOneIsTheNearest() {
        assertThat(BEHIND_PROXIES.of(request("10.0.0.1", "9.9.9.9", "1.2.3.4, 10.0.0.2", "10.0.0.3")))
                .isEqualTo(InetAddress.ofLiteral("1.2.3.4"));
        assertThat(BEHIND_PROXIES.of(request("10.0.0.1"))).isEqualTo(InetAddress.ofLiteral("10.0.0.1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "proxy.example", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "::/129", "1.2.3.4/"})
    void whenATrustedProxyIsNoAddressThenTheNodeDoesNotStart(String proxy) {
        assertThatIllegalArgumentException().isThrownBy(() -> trusting(proxy));
    }

    @Test
    void whenABlockHasOddBitsThenItsEdgesAreRight() {
        AddressRange range = AddressRange.parse("172.16.5.9/12");
        assertThat(List.of("172.16.0.0", "172.31.255.255")).allMatch(text -> range.contains(InetAddress.ofLiteral(text)));
        assertThat(List.of("172.15.255.255", "172.32.0.0", "::1")).noneMatch(text -> range.contains(InetAddress.ofLiteral(text)));
        assertThat(AddressRange.parse("0.0.0.0/0").contains(InetAddress.ofLiteral("9.9.9.9"))).isTrue();
    }
}

package dev.ssecluster.security;

import java.io.IOException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.DefaultResourceLoader;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** Reads a public key: the PEM text itself, or the location of a file that has it. */
final class PublicKeyPem {

    private static final String BEGIN = "-----BEGIN PUBLIC KEY-----";
    private static final String END = "-----END PUBLIC KEY-----";

    private PublicKeyPem() {}

    static PublicKey read(String pemOrLocation) {
        String pem = pemOrLocation.strip().startsWith("-----") ? pemOrLocation : load(pemOrLocation.strip());
        int begin = pem.indexOf(BEGIN);
        int end = pem.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new SecurityModeException("sse.security.jwt.public-key has no '" + BEGIN + "'.");
        }
        return decode(pem.substring(begin + BEGIN.length(), end));
    }

    private static String load(String location) {
        String url = location.contains(":") ? location : "file:" + location;
        try {
            return new DefaultResourceLoader().getResource(url).getContentAsString(US_ASCII);
        } catch (IOException e) {
            throw new SecurityModeException("sse.security.jwt.public-key cannot be read: " + e.getMessage());
        }
    }

    private static PublicKey decode(String base64) {
        return Stream.of("RSA", "EC")
                .map(kind -> decode(kind, base64))
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow(() -> new SecurityModeException("sse.security.jwt.public-key is neither an RSA nor an EC key."));
    }

    /** Null: it is no key of that kind. */
    private static @Nullable PublicKey decode(String kind, String base64) {
        try {
            return KeyFactory.getInstance(kind).generatePublic(new X509EncodedKeySpec(Base64.getMimeDecoder().decode(base64)));
        } catch (InvalidKeySpecException | IllegalArgumentException e) {
            return null;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has it", e);
        }
    }
}

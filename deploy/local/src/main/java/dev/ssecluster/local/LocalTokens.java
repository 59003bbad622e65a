package dev.ssecluster.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Makes a key that nobody else has and three tokens to try a cluster with, for {@code cluster.sh}. Writes the public key to
 * {@code token-key.pem} in the given directory and prints {@code publisher=}, {@code administrator=} and {@code user=}. The private key is
 * forgotten. The tokens end after a day.
 */
public final class LocalTokens {

    /** Who signs, and for whom: what a node must be told to expect. */
    public static final String ISSUER = "cluster.sh";

    public static final String AUDIENCE = "sse-cluster";

    private static final Duration LIFE = Duration.ofDays(1);
    private static final int KEY_BITS = 2048;
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final PrivateKey key;
    private final Instant expiry;

    private LocalTokens(PrivateKey key, Instant expiry) {
        this.key = key;
        this.expiry = expiry;
    }

    public static void main(String[] args) throws IOException, GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(KEY_BITS);
        KeyPair pair = generator.generateKeyPair();
        Files.writeString(Path.of(args[0], "token-key.pem"), pem(pair.getPublic().getEncoded()));
        LocalTokens tokens = new LocalTokens(pair.getPrivate(), Instant.now().plus(LIFE));
        System.out.println("publisher=" + tokens.token("publisher", "\"scope\":\"sse.publish\""));
        System.out.println("administrator=" + tokens.token("administrator", "\"scope\":\"sse.admin\""));
        System.out.println("user=" + tokens.token("123", "\"sse_groups\":[\"notifications\"]"));
    }

    private static String pem(byte[] key) {
        return "-----BEGIN PUBLIC KEY-----\n" + Base64.getMimeEncoder().encodeToString(key) + "\n-----END PUBLIC KEY-----\n";
    }

    /** @param rights further members of the claims */
    private String token(String user, String rights) throws GeneralSecurityException {
        String claims = "{\"iss\":\"" + ISSUER + "\",\"aud\":\"" + AUDIENCE + "\",\"sub\":\"" + user + "\",\"exp\":"
                + expiry.getEpochSecond() + "," + rights + "}";
        String content = base64("{\"alg\":\"RS256\",\"typ\":\"JWT\"}") + "." + base64(claims);
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(key);
        signature.update(content.getBytes(UTF_8));
        return content + "." + BASE64.encodeToString(signature.sign());
    }

    private static String base64(String text) {
        return BASE64.encodeToString(text.getBytes(UTF_8));
    }
}

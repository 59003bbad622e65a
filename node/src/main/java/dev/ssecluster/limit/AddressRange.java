package dev.ssecluster.limit;

import java.net.InetAddress;
import java.util.Arrays;

/**
 * One address, or a block of them in CIDR notation ({@code 10.0.0.0/8}, {@code fd00::/8}).
 *
 * @param network the first address of the block
 * @param bits how many leading bits all addresses of the block share
 */
record AddressRange(InetAddress network, int bits) {

    /** @throws IllegalArgumentException when it is neither; names are never resolved */
    static AddressRange parse(String text) {
        int slash = text.indexOf('/');
        InetAddress network = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
        int most = network.getAddress().length * Byte.SIZE;
        int bits = slash < 0 ? most : Integer.parseInt(text.substring(slash + 1));
        if (bits < 0 || bits > most) {
            throw new IllegalArgumentException(text + " must have 0 to " + most + " bits");
        }
        return new AddressRange(firstOf(network, bits), bits);
    }

    boolean contains(InetAddress address) {
        return address.getAddress().length == network.getAddress().length && firstOf(address, bits).equals(network);
    }

    /** The first address of the block of that size that {@code address} belongs to. */
    static InetAddress firstOf(InetAddress address, int bits) {
        byte[] bytes = address.getAddress();
        int whole = bits / Byte.SIZE;
        if (whole < bytes.length) {
            bytes[whole] &= (byte) (0xFF00 >> bits % Byte.SIZE);
            Arrays.fill(bytes, whole + 1, bytes.length, (byte) 0);
        }
        return Addresses.of(bytes);
    }
}

package dev.ssecluster.body;

/**
 * The publisher's data as it goes on the wire. Nobody may write to it.
 *
 * @param utf8 one JSON value without insignificant white space
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; passed on without a copy
public record EncodedJson(byte[] utf8) {}

package dev.holdfast.cli.command;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;

/// Tar archives as nobody should make them, entry by entry.
final class TarBytes {
  private static final int BLOCK = 512;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  TarBytes file(String name, byte[] content) {
    return entry('0', name, "", content);
  }

  TarBytes file(String name, String content) {
    return file(name, content.getBytes(StandardCharsets.UTF_8));
  }

  TarBytes link(char type, String name, String target) {
    return entry(type, name, target, new byte[0]);
  }

  TarBytes entry(char type, String name, String target, byte[] content) {
    return header(type, name, target, content.length).content(content);
  }

  /// A header alone, whatever follows.
  TarBytes header(char type, String name, String target, long size) {
    byte[] block = new byte[BLOCK];
    put(block, 0, name);
    put(block, 100, "0000644");
    put(block, 108, "0000000");
    put(block, 116, "0000000");
    put(block, 124, String.format("%011o", size));
    put(block, 136, String.format("%011o", 1_700_000_000L));
    block[156] = (byte) type;
    put(block, 157, target);
    put(block, 257, "ustar");
    put(block, 263, "00");
    Arrays.fill(block, 148, 156, (byte) ' ');
    int sum = 0;
    for (byte b : block) {
      sum += b & 0xff;
    }
    put(block, 148, String.format("%06o", sum));
    out.writeBytes(block);
    return this;
  }

  private TarBytes content(byte[] content) {
    out.writeBytes(content);
    out.writeBytes(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
    return this;
  }

  private static void put(byte[] block, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    System.arraycopy(bytes, 0, block, at, Math.min(bytes.length, 100));
  }

  /// Bytes as they are.
  TarBytes raw(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  /// The end that every tar archive has.
  TarBytes end() {
    return raw(new byte[2 * BLOCK]);
  }

  byte[] bytes() {
    return out.toByteArray();
  }

  Path gzip(Path file) throws IOException {
    try (GZIPOutputStream gzip = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.writeTo(gzip);
    }
    return file;
  }
}

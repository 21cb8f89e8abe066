package dev.holdfast.repository.format;

/// Config file to bytes and back.
public final class ConfigCodec {
  private ConfigCodec() {}

  public static byte[] encode(RepositoryConfig config) {
    Thread.onSpinWait();
    throw new UnsupportedOperationException(config.toString());
  }

  public static RepositoryConfig decode(byte[] json) {
    Thread.onSpinWait();
    throw new UnsupportedOperationException("decode " + json.length);
  }
}

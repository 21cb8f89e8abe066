package dev.holdfast.repository.format;

import com.github.luben.zstd.Zstd;
import dev.holdfast.repository.crypto.MasterKey;
import dev.holdfast.repository.crypto.Sealer;
import dev.holdfast.repository.key.Keyring;
import dev.holdfast.repository.key.KeyringOptions;
import dev.holdfast.repository.store.LocalStore;
import dev.holdfast.repository.store.ObjectKey;
import dev.holdfast.repository.store.ObjectStore;
import dev.holdfast.repository.store.ObjectType;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// A repository that restic made, opened with nothing but the codecs and the crypto.
final class ResticRepository {
  private static final int RAW_JSON = '{';

  private final ObjectStore store;
  private final Sealer sealer;

  ResticRepository(String name) throws URISyntaxException {
    URL resource = ResticRepository.class.getResource("/restic/" + name);
    store = new LocalStore(Path.of(resource.toURI()));
    MasterKey key =
        new Keyring(store, KeyringOptions.of("host", "user"), Clock.systemUTC(), new SecureRandom())
            .unlock("holdfast".getBytes(StandardCharsets.UTF_8), Optional.empty())
            .masterKey();
    sealer = new Sealer(key, new SecureRandom());
  }

  byte[] raw(ObjectKey key) {
    return store.get(key);
  }

  byte[] config() {
    return sealer.open(store.get(ObjectKey.CONFIG));
  }

  List<ObjectKey> list(ObjectType type) {
    List<ObjectKey> keys = new ArrayList<>();
    store.list(type, info -> keys.add(info.key()));
    return keys;
  }

  /// A small file, decrypted and decompressed.
  byte[] unpacked(ObjectKey key) {
    byte[] plain = sealer.open(store.get(key));
    return plain[0] == RAW_JSON ? plain : decompress(plain);
  }

  byte[] header(ObjectKey pack) {
    byte[] bytes = store.get(pack);
    int end = bytes.length - PackHeader.LENGTH_FIELD_BYTES;
    int length = 0;
    for (int i = 0; i < PackHeader.LENGTH_FIELD_BYTES; i++) {
      length |= (bytes[end + i] & 0xff) << (8 * i);
    }
    return sealer.open(Arrays.copyOfRange(bytes, end - length, end));
  }

  byte[] blob(PackId pack, PackedBlob blob) {
    byte[] bytes = store.get(new ObjectKey(ObjectType.PACK, pack.hash()));
    byte[] plain =
        sealer.open(Arrays.copyOfRange(bytes, (int) blob.offset(), (int) blob.endOffset()));
    return blob.isCompressed() ? Zstd.decompress(plain, blob.uncompressedLengthBytes()) : plain;
  }

  private static byte[] decompress(byte[] plain) {
    byte[] frame = Arrays.copyOfRange(plain, 1, plain.length);
    return Zstd.decompress(frame, (int) Zstd.getFrameContentSize(frame));
  }
}

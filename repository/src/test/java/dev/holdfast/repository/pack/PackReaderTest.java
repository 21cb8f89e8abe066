package dev.holdfast.repository.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.holdfast.repository.SampleRepository;
import dev.holdfast.repository.crypto.Hasher;
import dev.holdfast.repository.crypto.MasterKey;
import dev.holdfast.repository.crypto.Sealer;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.HoldfastException.Corrupt;
import dev.holdfast.repository.format.BlobHandle;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.BlobType;
import dev.holdfast.repository.format.PackId;
import dev.holdfast.repository.format.PackedBlob;
import dev.holdfast.repository.store.Fault;
import dev.holdfast.repository.store.FaultPlan;
import dev.holdfast.repository.store.FaultyStore;
import dev.holdfast.repository.store.FaultyStore.Operation;
import dev.holdfast.repository.store.MemoryStore;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PackReaderTest {
  private static final int TARGET_BYTES = 64 << 20;

  private final SecureRandom random = new SecureRandom();
  private final MasterKey key = MasterKey.generate(random);
  private final Sealer sealer = new Sealer(key, random);
  private final FaultyStore store = new FaultyStore(new MemoryStore(), FaultPlan.none());
  private final PackReader reader = new PackReader(store, key, random);

  @AfterEach
  void close() {
    reader.close();
    sealer.close();
    key.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 15, 16, 17, 18, 1000})
  void aHeaderOfAnyLengthIsReadWithAtMostTwoRequests(int count) {
    FinishedPack pack = publish(SampleRepository.blobs(count, count, 300));

    assertThat(reader.readHeader(pack.id(), pack.lengthBytes())).isEqualTo(pack.blobs());
    assertThat(store.count(Operation.READ)).isLessThanOrEqualTo(count <= 15 ? 1 : 2);
  }

  @Test
  void aPackThatIsCutAnywhereIsRefused() {
    FinishedPack pack = publish(SampleRepository.blobs(1, 3, 100));
    byte[] whole = bytes(pack);
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      store.put(PackReader.key(pack.id()), ByteBuffer.wrap(cut));

      assertThatExceptionOfType(Corrupt.class)
          .isThrownBy(() -> reader.readHeader(pack.id(), cut.length))
          .withMessageContaining(pack.id().hash().toShortHex());
    }
  }

  @Test
  void aHeaderLengthOutOfRangeIsRefused() {
    FinishedPack pack = publish(SampleRepository.blobs(1, 3, 100));
    for (int length : new int[] {0, 1, 36, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, 1 << 24}) {
      byte[] changed = bytes(pack);
      ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putInt(changed.length - 4, length);
      store.put(PackReader.key(pack.id()), ByteBuffer.wrap(changed));

      assertThatExceptionOfType(Corrupt.class)
          .isThrownBy(() -> reader.readHeader(pack.id(), changed.length));
    }
  }

  @Test
  void neighbouringBlobsComeWithOneRequestAndInOrder() {
    List<byte[]> plain = SampleRepository.blobs(5, 100, 3000);
    FinishedPack pack = publish(plain);
    List<byte[]> read = new ArrayList<>();

    reader.readBlobs(pack.id(), pack.blobs(), collect(read, new ArrayList<>()));

    assertThat(read).containsExactlyElementsOf(plain);
    assertThat(store.count(Operation.READ)).isOne();
  }

  @Test
  void farBlobsComeWithRequestsOfTheirOwnAndNothingBetween() {
    FinishedPack pack = publish(SampleRepository.blobs(6, 100, 400_000));
    List<PackedBlob> two = List.of(pack.blobs().getFirst(), pack.blobs().getLast());
    List<byte[]> read = new ArrayList<>();

    reader.readBlobs(pack.id(), two, collect(read, new ArrayList<>()));

    assertThat(read).hasSize(2);
    assertThat(store.count(Operation.READ)).isEqualTo(2);
  }

  @Test
  void oneDamagedBlobDoesNotHideItsNeighbours() {
    FinishedPack pack = publish(SampleRepository.blobs(7, 20, 3000));
    byte[] changed = bytes(pack);
    changed[Math.toIntExact(pack.blobs().get(4).offset()) + 20] ^= 1;
    store.put(PackReader.key(pack.id()), ByteBuffer.wrap(changed));
    List<byte[]> read = new ArrayList<>();
    List<PackedBlob> damaged = new ArrayList<>();

    reader.readBlobs(pack.id(), pack.blobs(), collect(read, damaged));

    assertThat(read).hasSize(19);
    assertThat(damaged).containsExactly(pack.blobs().get(4));
  }

  @Test
  void aPackThatWasCutShortStillGivesItsFirstBlobs() {
    FinishedPack pack = publish(SampleRepository.blobs(8, 20, 3000));
    byte[] cut = Arrays.copyOf(bytes(pack), Math.toIntExact(pack.blobs().get(11).endOffset()));
    store.put(PackReader.key(pack.id()), ByteBuffer.wrap(cut));
    List<byte[]> read = new ArrayList<>();
    List<PackedBlob> damaged = new ArrayList<>();

    reader.readBlobs(pack.id(), pack.blobs(), collect(read, damaged));

    assertThat(read).hasSize(12);
    assertThat(damaged).hasSize(8);
  }

  @Test
  void aBlobWithAnotherContentThanItsIdSaysIsRefused() {
    byte[] plain = SampleRepository.blobs(9, 1, 500).getFirst();
    byte[] sealed = sealer.seal(plain);
    PackId pack = new PackId(Hasher.of(sealed));
    BlobHandle wrong = new BlobHandle(BlobType.DATA, new BlobId(Hasher.of(new byte[] {1})));
    store.put(PackReader.key(pack), ByteBuffer.wrap(sealed));

    assertThatExceptionOfType(Corrupt.class)
        .isThrownBy(() -> reader.readBlob(pack, new PackedBlob(wrong, 0, sealed.length, 0)))
        .withMessageContaining("its content has the hash");
  }

  @Test
  void aLengthThatTheFrameDoesNotHaveIsRefused() {
    byte[] plain = new byte[100_000];
    byte[] frame = new byte[Compressor.boundBytes(plain.length)];
    int frameBytes;
    try (Compressor compressor = new Compressor(3)) {
      frameBytes = compressor.compress(plain, 0, plain.length, frame, 0);
    }
    byte[] sealed = sealer.seal(Arrays.copyOf(frame, frameBytes));
    PackId pack = new PackId(Hasher.of(sealed));
    BlobHandle handle = new BlobHandle(BlobType.DATA, new BlobId(Hasher.of(plain)));
    store.put(PackReader.key(pack), ByteBuffer.wrap(sealed));

    assertThat(reader.readBlob(pack, new PackedBlob(handle, 0, sealed.length, plain.length)))
        .isEqualTo(plain);
    for (int claimed : new int[] {1, plain.length - 1, plain.length + 1, 10_000_000}) {
      assertThatExceptionOfType(Corrupt.class)
          .isThrownBy(
              () -> reader.readBlob(pack, new PackedBlob(handle, 0, sealed.length, claimed)));
    }
    assertThatExceptionOfType(HoldfastException.class)
        .isThrownBy(() ->
            reader.readBlob(pack, new PackedBlob(handle, 0, sealed.length, Integer.MAX_VALUE)));
  }

  @Test
  void aReadThatFailsOnceIsTheFindingOfEveryBlobInTheRange() {
    FinishedPack pack = publish(SampleRepository.blobs(10, 5, 300));
    store.follow(FaultPlan.every(Operation.READ, Fault.ioErrorBefore()));
    List<PackedBlob> damaged = new ArrayList<>();

    reader.readBlobs(pack.id(), pack.blobs(), collect(new ArrayList<>(), damaged));

    assertThat(damaged).isEqualTo(pack.blobs());
  }

  private FinishedPack publish(List<byte[]> blobs) {
    PackBuilder builder = new PackBuilder(TARGET_BYTES);
    for (byte[] plain : blobs) {
      byte[] sealed = sealer.seal(plain);
      BlobHandle handle = new BlobHandle(BlobType.DATA, new BlobId(Hasher.of(plain)));
      builder.append(handle, sealed, 0, sealed.length, 0);
    }
    FinishedPack pack = builder.finish(sealer);
    store.put(PackReader.key(pack.id()), pack.content());
    return pack;
  }

  private static byte[] bytes(FinishedPack pack) {
    byte[] bytes = new byte[pack.lengthBytes()];
    pack.content().get(bytes);
    return bytes;
  }

  private static PackReader.BlobVisitor collect(List<byte[]> read, List<PackedBlob> damaged) {
    return new PackReader.BlobVisitor() {
      @Override
      public void blob(PackedBlob blob, byte[] plain, int lengthBytes) {
        read.add(Arrays.copyOf(plain, lengthBytes));
      }

      @Override
      public void damaged(PackedBlob blob, HoldfastException cause) {
        damaged.add(blob);
      }
    };
  }
}

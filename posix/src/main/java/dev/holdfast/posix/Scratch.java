package dev.holdfast.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicReferenceArray;

/// Native memory for the arguments and results of one call at a time.
///
/// Borrowed for the length of a call and given back, so that a call allocates nothing. Not a
/// thread-local: a virtual thread for each file would make one for each file. Confined to its
/// borrower between [#borrow] and [#close].
final class Scratch implements AutoCloseable {
  /// Linux's `PATH_MAX`, the terminating zero included.
  static final int PATH_BYTES = 4096;

  /// Holds the largest list and value of extended attributes (64 KiB each in Linux), and is the
  /// piece in which files are read and written: it stays in the second-level cache, so that reading
  /// 1 MiB through it into a `byte[]` is as fast as a critical call that reads into the array
  /// itself. Critical calls are not used because a slow disk would hold up the garbage collector,
  /// and with it every thread.
  static final int DATA_BYTES = 128 * 1024;

  /// Larger than every struct that is passed; the largest is `statx` with 256 bytes.
  private static final int STRUCT_BYTES = 512;

  private static final int ERRNO_AT = 0;
  private static final int ERRNO_BYTES = 16;
  private static final int STRUCT_AT = ERRNO_AT + ERRNO_BYTES;
  private static final int PATH_AT = STRUCT_AT + STRUCT_BYTES;
  private static final int OTHER_PATH_AT = PATH_AT + PATH_BYTES;
  private static final int DATA_AT = OTHER_PATH_AT + PATH_BYTES;
  private static final int TOTAL_BYTES = DATA_AT + DATA_BYTES;

  /// How many are kept between calls; more threads than this at once allocate and drop theirs.
  private static final int KEPT = 16;

  private static final AtomicReferenceArray<Scratch> POOL = new AtomicReferenceArray<>(KEPT);

  private final MemorySegment errno;
  private final ByteBuffer bytes;
  private final long address;

  private Scratch() {
    MemorySegment memory = Arena.ofAuto().allocate(TOTAL_BYTES, Long.BYTES);
    errno = memory.asSlice(ERRNO_AT, ERRNO_BYTES);
    bytes = memory.asByteBuffer().order(ByteOrder.nativeOrder());
    address = memory.address();
  }

  /// One that nobody else has until it is closed.
  static Scratch borrow() {
    int first = firstSlot();
    for (int i = 0; i < KEPT; i++) {
      int slot = (first + i) % KEPT;
      if (POOL.getPlain(slot) != null) {
        Scratch kept = POOL.getAndSet(slot, null);
        if (kept != null) {
          return kept;
        }
      }
    }
    return new Scratch();
  }

  /// Gives it back.
  @Override
  public void close() {
    int first = firstSlot();
    for (int i = 0; i < KEPT; i++) {
      if (POOL.compareAndSet((first + i) % KEPT, null, this)) {
        return;
      }
    }
  }

  /// Neighbouring threads begin at different slots and so seldom meet.
  private static int firstSlot() {
    return (int) (Thread.currentThread().threadId() % KEPT);
  }

  MemorySegment errnoSegment() {
    return errno;
  }

  int errno() {
    return bytes.getInt(ERRNO_AT);
  }

  /// Puts the bytes of `path` with a terminating zero where the callee reads its first name.
  long path(String path) throws PosixException {
    return putName(PATH_AT, path);
  }

  /// The same for a second name.
  long otherPath(String path) throws PosixException {
    return putName(OTHER_PATH_AT, path);
  }

  long struct() {
    return address + STRUCT_AT;
  }

  short structShort(int offset) {
    return bytes.getShort(STRUCT_AT + offset);
  }

  int structInt(int offset) {
    return bytes.getInt(STRUCT_AT + offset);
  }

  long structLong(int offset) {
    return bytes.getLong(STRUCT_AT + offset);
  }

  void putStructShort(int offset, int value) {
    bytes.putShort(STRUCT_AT + offset, (short) value);
  }

  void putStructInt(int offset, int value) {
    bytes.putInt(STRUCT_AT + offset, value);
  }

  void putStructLong(int offset, long value) {
    bytes.putLong(STRUCT_AT + offset, value);
  }

  long data() {
    return address + DATA_AT;
  }

  /// Copies the first `length` bytes of the data out.
  void getData(byte[] into, int offset, int length) {
    bytes.get(DATA_AT, into, offset, length);
  }

  /// Copies bytes in, to the start of the data.
  void putData(byte[] from, int offset, int length) {
    bytes.put(DATA_AT, from, offset, length);
  }

  /// The bytes up to the first zero at `pointer`, which lies in the data.
  byte[] dataString(long pointer) {
    int start = Math.toIntExact(pointer - address);
    int end = start;
    while (bytes.get(end) != 0) {
      end++;
    }
    byte[] text = new byte[end - start];
    bytes.get(start, text);
    return text;
  }

  private long putName(int at, String name) throws PosixException {
    byte[] encoded = OsString.encode(name);
    if (encoded.length >= PATH_BYTES) {
      throw Native.failure(Errno.ENAMETOOLONG, "name", name);
    }
    // A zero would cut the name off here, and the call would be about another file.
    if (name.indexOf('\0') >= 0) {
      throw Native.failure(Errno.EINVAL, "name", name);
    }
    bytes.put(at, encoded);
    bytes.put(at + encoded.length, (byte) 0);
    return address + at;
  }
}

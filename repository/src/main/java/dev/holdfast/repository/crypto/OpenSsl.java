package dev.holdfast.repository.crypto;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/// OpenSSL's libcrypto of the system, version 3. Thread-safe; the contexts that it makes are for
/// one thread at a time.
///
/// All functions but one go through one method handle, because each further shape costs
/// milliseconds at start-up: two words, a number, a word, a number, all of them whole registers in
/// the calling conventions of Linux on x86-64 and aarch64, where a callee ignores the registers it
/// has no parameter for and the upper half of an `int`. The calls are *critical*: they read and
/// write Java's arrays where they lie, and hold up the garbage collector meanwhile. They never
/// block, and take at most [#PIECE_BYTES] at a time, which is half a millisecond.
final class OpenSsl {
  /// The library of OpenSSL 3. Version 1.1 is past its end, and lacks Poly1305 in this form.
  static final String LIBRARY = "libcrypto.so.3";

  /// The most that one call works on.
  static final int PIECE_BYTES = 1 << 20;

  /// `SHA256_CTX`: eight words of state, two of length, a block of 64 bytes, two words.
  static final int SHA256_CONTEXT_BYTES = 112;

  /// Without the handler at exit, which would pull the ground from under threads still at work, and
  /// without the system's configuration, which can exchange algorithms but not their results.
  private static final long INIT_OPTIONS = 0x0008_0000L | 0x0000_0080L;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final MethodHandle CALL = linkCall();

  private final MemorySegment sha256Init;
  private final MemorySegment sha256Update;
  private final MemorySegment sha256Final;
  private final MemorySegment newCipherContext;
  private final MemorySegment freeCipherContext;
  private final MemorySegment encryptInit;
  private final MemorySegment encryptUpdate;
  private final MemorySegment newMacContext;
  private final MemorySegment freeMacContext;
  private final MemorySegment macInit;
  private final MemorySegment macUpdate;
  private final MemorySegment macFinal;
  private final MemorySegment scrypt;
  private final MemorySegment aes256Counter;
  private final MemorySegment aes128;
  private final MemorySegment poly1305;

  private OpenSsl(SymbolLookup symbols) {
    sha256Init = symbols.findOrThrow("SHA256_Init");
    sha256Update = symbols.findOrThrow("SHA256_Update");
    sha256Final = symbols.findOrThrow("SHA256_Final");
    newCipherContext = symbols.findOrThrow("EVP_CIPHER_CTX_new");
    freeCipherContext = symbols.findOrThrow("EVP_CIPHER_CTX_free");
    encryptInit = symbols.findOrThrow("EVP_EncryptInit_ex2");
    encryptUpdate = symbols.findOrThrow("EVP_EncryptUpdate");
    newMacContext = symbols.findOrThrow("EVP_MAC_CTX_new");
    freeMacContext = symbols.findOrThrow("EVP_MAC_CTX_free");
    macInit = symbols.findOrThrow("EVP_MAC_init");
    macUpdate = symbols.findOrThrow("EVP_MAC_update");
    macFinal = symbols.findOrThrow("EVP_MAC_final");
    scrypt = symbols.findOrThrow("EVP_PBE_scrypt");
    call(symbols.findOrThrow("OPENSSL_init_crypto"), MemorySegment.ofAddress(INIT_OPTIONS));
    MemorySegment fetchCipher = symbols.findOrThrow("EVP_CIPHER_fetch");
    aes256Counter = fetch(fetchCipher, "AES-256-CTR");
    aes128 = fetch(fetchCipher, "AES-128-ECB");
    poly1305 = fetch(symbols.findOrThrow("EVP_MAC_fetch"), "POLY1305");
  }

  /// Loads the library, or returns null if the system has none that will do: no file of that name,
  /// an older one, or one without an algorithm that is needed.
  @SuppressWarnings("restricted")
  static @Nullable OpenSsl load(String library) {
    try {
      OpenSsl loaded = new OpenSsl(SymbolLookup.libraryLookup(library, Arena.global()));
      return OpenSslProof.holds(new OpenSslPrimitives(loaded)) ? loaded : null;
    } catch (IllegalArgumentException | NoSuchElementException | UnsupportedOperationException e) {
      return null;
    }
  }

  private static MemorySegment fetch(MemorySegment function, String algorithm) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocateFrom(algorithm);
      long found = call(function, MemorySegment.NULL, name, 0, MemorySegment.NULL, 0);
      if (found == 0) {
        throw new NoSuchElementException(algorithm);
      }
      return MemorySegment.ofAddress(found);
    }
  }

  void sha256Init(MemorySegment context) {
    check(call(sha256Init, context), "SHA256_Init");
  }

  void sha256Update(MemorySegment context, MemorySegment bytes) {
    long length = bytes.byteSize();
    check(call(sha256Update, context, bytes, length, MemorySegment.NULL, 0), "SHA256_Update");
  }

  void sha256Final(MemorySegment out, MemorySegment context) {
    check(call(sha256Final, out, context, 0, MemorySegment.NULL, 0), "SHA256_Final");
  }

  /// A context of AES-256 in counter mode; to be freed.
  MemorySegment newAes256Counter(byte[] key) {
    return newCipher(aes256Counter, key);
  }

  /// A context of AES-128, block by block; to be freed.
  MemorySegment newAes128(byte[] key) {
    return newCipher(aes128, key);
  }

  private MemorySegment newCipher(MemorySegment cipher, byte[] key) {
    MemorySegment context = made(call(newCipherContext, MemorySegment.NULL), "cipher");
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment copy = arena.allocateFrom(JAVA_BYTE, key);
      long result = call(encryptInit, context, cipher, copy.address(), MemorySegment.NULL, 0);
      copy.fill((byte) 0);
      check(result, "EVP_EncryptInit_ex2");
    }
    return context;
  }

  /// Starts a message with a counter.
  void setCounter(MemorySegment context, MemorySegment counter) {
    check(call(encryptInit, context, MemorySegment.NULL, 0, counter, 0), "EVP_EncryptInit_ex2");
  }

  /// Encrypts `from` into `to`.
  ///
  /// @param written native memory for an `int`
  void encrypt(MemorySegment context, MemorySegment from, MemorySegment to, MemorySegment written) {
    long length = from.byteSize();
    check(call(encryptUpdate, context, to, written.address(), from, length), "EVP_EncryptUpdate");
  }

  void freeCipher(MemorySegment context) {
    call(freeCipherContext, context);
  }

  /// A context of Poly1305; to be freed.
  MemorySegment newPoly1305() {
    return made(call(newMacContext, poly1305), "Poly1305");
  }

  void macInit(MemorySegment context, MemorySegment key) {
    check(call(macInit, context, key, key.byteSize(), MemorySegment.NULL, 0), "EVP_MAC_init");
  }

  void macUpdate(MemorySegment context, MemorySegment bytes) {
    long length = bytes.byteSize();
    check(call(macUpdate, context, bytes, length, MemorySegment.NULL, 0), "EVP_MAC_update");
  }

  /// @param written native memory for a `size_t`
  void macFinal(MemorySegment context, MemorySegment out, MemorySegment written) {
    // The fourth parameter is a number here: the room in `out`.
    MemorySegment room = MemorySegment.ofAddress(out.byteSize());
    check(call(macFinal, context, out, written.address(), room, 0), "EVP_MAC_final");
  }

  void freeMac(MemorySegment context) {
    call(freeMacContext, context);
  }

  /// Derives a key. Takes long, and so is the one call that is not critical.
  ///
  /// @return whether it succeeded: the library may lack the memory
  @SuppressWarnings({"restricted", "IllegalCatch"})
  boolean scrypt(
      MemorySegment password,
      MemorySegment salt,
      ScryptParameters parameters,
      long maxMemoryBytes,
      MemorySegment out) {
    try {
      MethodHandle derive =
          LINKER.downcallHandle(
              scrypt,
              FunctionDescriptor.of(
                  JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG,
                  JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG));
      long result =
          (long)
              derive.invokeExact(
                  password,
                  password.byteSize(),
                  salt,
                  salt.byteSize(),
                  (long) parameters.n(),
                  (long) parameters.r(),
                  (long) parameters.p(),
                  maxMemoryBytes,
                  out,
                  out.byteSize());
      return (int) result == 1;
    } catch (Throwable bug) {
      throw new IllegalStateException("cannot call EVP_PBE_scrypt", bug);
    }
  }

  private static MemorySegment made(long address, String what) {
    if (address == 0) {
      throw new IllegalStateException("OpenSSL made no context of " + what);
    }
    return MemorySegment.ofAddress(address);
  }

  private static void check(long result, String function) {
    if ((int) result != 1) {
      throw new IllegalStateException("OpenSSL's " + function + " returned " + (int) result);
    }
  }

  @SuppressWarnings("restricted")
  private static MethodHandle linkCall() {
    return LINKER.downcallHandle(
        FunctionDescriptor.of(JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG),
        Linker.Option.critical(true));
  }

  private static long call(MemorySegment function, MemorySegment a) {
    return call(function, a, MemorySegment.NULL, 0, MemorySegment.NULL, 0);
  }

  @SuppressWarnings("IllegalCatch")
  private static long call(
      MemorySegment function, MemorySegment a, MemorySegment b, long c, MemorySegment d, long e) {
    try {
      return (long) CALL.invokeExact(function, a, b, c, d, e);
    } catch (Throwable bug) {
      throw new IllegalStateException("cannot call OpenSSL", bug);
    }
  }
}

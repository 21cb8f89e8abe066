package dev.holdfast.repository.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.repository.crypto.MasterKey;
import dev.holdfast.repository.crypto.ScryptParameters;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.HoldfastException.Corrupt;
import dev.holdfast.repository.error.HoldfastException.NotFound;
import dev.holdfast.repository.error.HoldfastException.Rejected;
import dev.holdfast.repository.error.HoldfastException.WrongKey;
import dev.holdfast.repository.format.Hash;
import dev.holdfast.repository.format.KeyId;
import dev.holdfast.repository.store.Fault;
import dev.holdfast.repository.store.FaultPlan;
import dev.holdfast.repository.store.FaultyStore;
import dev.holdfast.repository.store.FaultyStore.Operation;
import dev.holdfast.repository.store.MemoryStore;
import dev.holdfast.repository.store.ObjectInfo;
import dev.holdfast.repository.store.ObjectKey;
import dev.holdfast.repository.store.ObjectStore;
import dev.holdfast.repository.store.ObjectType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class KeyringTest {
  private static final ScryptParameters CHEAP = new ScryptParameters(16, 1, 1);
  private static final byte[] FIRST = "first".getBytes(StandardCharsets.UTF_8);
  private static final byte[] SECOND = "second \u00e9".getBytes(StandardCharsets.UTF_8);
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-01-02T03:04:05.678901Z"), ZoneOffset.ofHours(1));

  private final SecureRandom random = new SecureRandom();
  private final MasterKey master = MasterKey.generate(random);
  private ObjectStore store;
  private Keyring keyring;

  @BeforeEach
  void open() {
    store = new MemoryStore();
    store.create();
    keyring = keyring(false);
  }

  @Test
  void addedPasswordOpensTheMasterKey() {
    KeyId first = keyring.add(master, FIRST);
    KeyId second = keyring.add(master, SECOND);

    assertThat(keyring.unlock(FIRST, Optional.empty()).keyId()).isEqualTo(first);
    Opened opened = keyring.unlock(SECOND, Optional.of(first));
    assertThat(opened.keyId()).isEqualTo(second);
    assertThat(opened.masterKey().isSameKey(master)).isTrue();
  }

  @Test
  void whatAPasswordOpenedIsRememberedForThatPasswordAndWhileTheKeyIsThere() {
    KeyId first = keyring.add(master, FIRST);
    KeyId second = keyring.add(master, SECOND);
    List<ObjectInfo> both = keyring.files();
    KeyMemory memory = new KeyMemory();
    keyring.unlock(FIRST, Optional.empty(), both, memory).masterKey().close();
    // Only what is remembered can be opened from here on.
    for (KeyId key : List.of(first, second)) {
      store.put(new ObjectKey(ObjectType.KEY, key.hash()), ByteBuffer.allocate(0));
    }

    Opened again = keyring.unlock(FIRST, Optional.empty(), both, memory);
    assertThat(again.keyId()).isEqualTo(first);
    assertThat(again.masterKey().isSameKey(master)).isTrue();
    again.masterKey().close();
    keyring.unlock(FIRST, Optional.of(first), both, memory).masterKey().close();

    assertThatThrownBy(() -> keyring.unlock(SECOND, Optional.empty(), both, memory))
        .isInstanceOf(Corrupt.class);
    assertThatThrownBy(() -> keyring.unlock(FIRST, Optional.of(second), both, memory))
        .isInstanceOf(Corrupt.class);
    List<ObjectInfo> other =
        both.stream().filter(f -> !f.key().hash().equals(first.hash())).toList();
    assertThatThrownBy(() -> keyring.unlock(FIRST, Optional.empty(), other, memory))
        .isInstanceOf(Corrupt.class);
    memory.close();
    assertThatThrownBy(() -> keyring.unlock(FIRST, Optional.empty(), both, memory))
        .isInstanceOf(Corrupt.class);
  }

  @Test
  void wrongPasswordSaysSo() {
    keyring.add(master, FIRST);
    assertThatThrownBy(() -> keyring.unlock(SECOND, Optional.empty()))
        .isInstanceOf(WrongKey.class)
        .hasMessageContaining("wrong password");
  }

  @Test
  void repositoryWithoutAnyKeyIsNotTakenForAWrongPassword() {
    assertThatThrownBy(() -> keyring.unlock(FIRST, Optional.empty()))
        .isInstanceOfSatisfying(
            WrongKey.class,
            e -> assertThat(e.hint()).contains("'key' and 'snapshot'", "migrate s3_layout"))
        .hasMessage("there is no key in %s, so that no password opens it", store.location());
  }

  @Test
  void damageOfTheOnlyKeyIsNotBlamedOnThePassword() {
    KeyId only = keyring.add(master, FIRST);
    store.put(new ObjectKey(ObjectType.KEY, only.hash()), ByteBuffer.allocate(0));
    assertThatThrownBy(() -> keyring.unlock(FIRST, Optional.empty()))
        .isInstanceOfSatisfying(
            Corrupt.class,
            e -> assertThat(e.hint()).isEqualTo("put the file back from a copy of the repository"))
        .hasMessageStartingWith("the only key cannot be used: keys/" + only);
  }

  @Test
  void noMoreThanTwentyKeysAreTriedAndTheHintComesFirst() {
    for (int i = 0; i < Keyring.MAX_KEYS_TRIED; i++) {
      keyring.add(master, FIRST);
    }
    KeyId second = keyring.add(master, SECOND);

    assertThat(keyring.unlock(SECOND, Optional.of(second)).keyId()).isEqualTo(second);
    assertThatThrownBy(
            () -> keyring.unlock("other".getBytes(StandardCharsets.UTF_8), Optional.empty()))
        .isInstanceOf(WrongKey.class)
        .hasMessageContaining("first 20 keys");
  }

  @Test
  void emptyPasswordIsRefusedUnlessAllowed() {
    byte[] empty = new byte[0];
    assertThatThrownBy(() -> keyring.add(master, empty)).isInstanceOf(Rejected.class);
    assertThatThrownBy(() -> keyring.unlock(empty, Optional.empty())).isInstanceOf(Rejected.class);

    Keyring tolerant = keyring(true);
    tolerant.add(master, empty);
    assertThat(tolerant.unlock(empty, Optional.empty()).masterKey().isSameKey(master)).isTrue();
  }

  @Test
  void keyInUseAndLastKeyAndUnknownKeyAreNotRemoved() {
    KeyId only = keyring.add(master, FIRST);
    KeyId gone = new KeyId(new Hash(1, 2, 3, 4));

    assertThatThrownBy(() -> keyring.remove(only, only)).isInstanceOf(Rejected.class);
    assertThatThrownBy(() -> keyring.remove(only, gone)).isInstanceOf(Rejected.class);
    assertThatThrownBy(() -> keyring.remove(gone, only)).isInstanceOf(NotFound.class);
    assertThat(keyring.ids()).containsExactly(only);
  }

  @Test
  void removedKeyOpensNoLonger() {
    KeyId first = keyring.add(master, FIRST);
    KeyId second = keyring.add(master, SECOND);

    keyring.remove(first, second);

    assertThatThrownBy(() -> keyring.unlock(FIRST, Optional.empty())).isInstanceOf(WrongKey.class);
    assertThat(keyring.ids()).containsExactly(second);
  }

  @Test
  void changedPasswordReplacesTheOldOneAndKeepsTheMasterKey() {
    keyring.add(master, FIRST);

    KeyId changed = keyring.changePassword(keyring.unlock(FIRST, Optional.empty()), SECOND);

    assertThat(keyring.ids()).containsExactly(changed);
    assertThat(keyring.unlock(SECOND, Optional.empty()).masterKey().isSameKey(master)).isTrue();
    assertThatThrownBy(() -> keyring.unlock(FIRST, Optional.empty())).isInstanceOf(WrongKey.class);
  }

  @Test
  void listTellsWhoMadeEachKeyAndWhen() {
    KeyId id = keyring.add(master, FIRST);

    StoredKey key = keyring.list(KeyringTest::refuse).getFirst();

    assertThat(key.id()).isEqualTo(id);
    assertThat(key.file().hostname()).isEqualTo("host");
    assertThat(key.file().username()).isEqualTo("user");
    assertThat(key.file().created().toInstant()).isEqualTo(CLOCK.instant());
  }

  @Test
  void damagedKeyFileIsCorruptAndNotAWrongPassword() {
    KeyId id = keyring.add(master, FIRST);
    ObjectKey key = new ObjectKey(ObjectType.KEY, id.hash());
    byte[] bytes = store.get(key);
    bytes[bytes.length - 10] ^= 1;
    store.delete(key);
    store.put(key, ByteBuffer.wrap(bytes));

    assertThatThrownBy(() -> keyring.unlock(FIRST, Optional.empty()))
        .isInstanceOf(Corrupt.class)
        .hasMessageContaining("keys/");
  }

  @Test
  void damagedKeyFileDoesNotKeepAnotherKeyFromOpening() {
    KeyId good = keyring.add(master, FIRST);
    store.put(new ObjectKey(ObjectType.KEY, new Hash(0, 0, 0, 1)), ByteBuffer.wrap(new byte[] {1}));

    assertThat(keyring.unlock(FIRST, Optional.empty()).keyId()).isEqualTo(good);
    assertThatThrownBy(() -> keyring.unlock(SECOND, Optional.empty()))
        .isInstanceOf(Corrupt.class)
        .hasMessageStartingWith("no other key opens with this password");
  }

  @Test
  void damagedKeyFileDoesNotHideTheOthersInTheList() {
    KeyId good = keyring.add(master, FIRST);
    store.put(new ObjectKey(ObjectType.KEY, new Hash(0, 0, 0, 1)), ByteBuffer.wrap(new byte[] {1}));

    List<HoldfastException> unreadable = new ArrayList<>();
    assertThat(keyring.list(unreadable::add)).extracting(StoredKey::id).containsExactly(good);
    assertThat(unreadable)
        .singleElement()
        .satisfies(e -> assertThat(e.hint()).contains("holdfast key remove 00000000"));
  }

  @Test
  void changeThatCannotRemoveTheOldKeySaysThatBothPasswordsOpen() {
    keyring.add(master, FIRST);
    Opened current = keyring.unlock(FIRST, Optional.empty());
    ObjectStore appendOnly =
        new FaultyStore(store, FaultPlan.nth(Operation.DELETE, 1, Fault.ioErrorBefore()));

    assertThatThrownBy(() -> keyring(appendOnly, false).changePassword(current, SECOND))
        .isInstanceOf(Rejected.class)
        .hasMessageStartingWith("the new password opens the repository, but so does the old one");
    assertThat(opens(FIRST)).isTrue();
    assertThat(opens(SECOND)).isTrue();
  }

  private static void refuse(HoldfastException unreadable) {
    throw unreadable;
  }

  @Test
  void keyThatWasStoredWronglyIsTakenAwayAgain() {
    keyring.add(master, FIRST);
    FaultyStore faulty =
        new FaultyStore(store, FaultPlan.nth(Operation.PUT, 1, new Fault.FlipBit(900)));

    assertThatThrownBy(() -> keyring(faulty, false).add(master, SECOND))
        .isInstanceOf(Corrupt.class);

    assertThat(keyring.ids()).hasSize(1);
  }

  @Test
  void anErrorAtAnyCallOfAPasswordChangeLeavesAPasswordThatOpens() {
    List<Fault> faults =
        List.of(Fault.ioErrorBefore(), Fault.ioErrorAfter(), new Fault.FlipBit(77));
    for (Fault fault : faults) {
      for (int call = 1; call <= 8; call++) {
        for (boolean forGood : new boolean[] {false, true}) {
          open();
          keyring.add(master, FIRST);
          Opened current = keyring.unlock(FIRST, Optional.empty());
          // A bit that turns at every call turns back when it is read.
          boolean lasting = forGood && !(fault instanceof Fault.FlipBit);
          FaultPlan plan = lasting ? FaultPlan.from(call, fault) : FaultPlan.at(call, fault);
          boolean changed = changes(new FaultyStore(store, plan), current);
          assertThat(opens(FIRST) || opens(SECOND)).as("%s at call %d", fault, call).isTrue();
          assertThat(!changed || opens(SECOND)).as("%s at call %d", fault, call).isTrue();
        }
      }
    }
  }

  private boolean changes(ObjectStore faulty, Opened current) {
    try {
      keyring(faulty, false).changePassword(current, SECOND);
      return true;
    } catch (HoldfastException expected) {
      return false;
    }
  }

  private boolean opens(byte[] password) {
    try {
      return keyring.unlock(password, Optional.empty()).masterKey().isSameKey(master);
    } catch (HoldfastException e) {
      return false;
    }
  }

  private Keyring keyring(boolean emptyAllowed) {
    return keyring(store, emptyAllowed);
  }

  private Keyring keyring(ObjectStore store, boolean emptyAllowed) {
    return new Keyring(
        store, new KeyringOptions("host", "user", CHEAP, emptyAllowed), CLOCK, random);
  }
}

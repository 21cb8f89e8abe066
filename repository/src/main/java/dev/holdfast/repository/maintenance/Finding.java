package dev.holdfast.repository.maintenance;

import dev.holdfast.posix.OsString;
import dev.holdfast.repository.format.BlobHandle;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.PackId;
import dev.holdfast.repository.record.RecordId;
import dev.holdfast.repository.store.ObjectKey;
import java.util.List;

/// Something that a check found. The thing and the message together are a sentence for people.
public sealed interface Finding {
  Severity severity();

  /// What it is about, such as `pack 3c5f…`.
  String thing();

  /// What is wrong with it.
  String message();

  /// The config, an index or a snapshot file cannot be read. For keys, which only matter to those
  /// who have their passwords, and locks it is a hint.
  record FileDamaged(ObjectKey file, Severity severity, String message) implements Finding {
    @Override
    public String thing() {
      return file.path();
    }
  }

  /// A record of Holdfast's own cannot be read. If it is only newer than this version, that is a
  /// hint.
  record RecordDamaged(RecordId record, Severity severity, String message) implements Finding {
    @Override
    public String thing() {
      return "record " + record;
    }
  }

  /// A pack that the index names is not in the store.
  record PackMissing(PackId pack) implements Finding {
    @Override
    public Severity severity() {
      return Severity.ERROR;
    }

    @Override
    public String thing() {
      return name(pack);
    }

    @Override
    public String message() {
      return "is not in the store, but the index names it";
    }
  }

  /// A pack's length in the store is not what its blobs add up to.
  record PackLengthWrong(PackId pack, long lengthBytes, long expectedBytes) implements Finding {
    @Override
    public Severity severity() {
      return Severity.ERROR;
    }

    @Override
    public String thing() {
      return name(pack);
    }

    @Override
    public String message() {
      return "has " + lengthBytes + " bytes, where the index says " + expectedBytes;
    }
  }

  /// A pack in the store that no index names, as an interrupted backup leaves it.
  record PackNotIndexed(PackId pack, long lengthBytes) implements Finding {
    @Override
    public Severity severity() {
      return Severity.HINT;
    }

    @Override
    public String thing() {
      return name(pack);
    }

    @Override
    public String message() {
      return "is in no index; what it holds is not used, and prune removes it";
    }
  }

  /// Two index files say the same of a pack.
  record PackIndexedTwice(PackId pack) implements Finding {
    @Override
    public Severity severity() {
      return Severity.HINT;
    }

    @Override
    public String thing() {
      return name(pack);
    }

    @Override
    public String message() {
      return "is in several index files, with the same content";
    }
  }

  /// Index files contradict each other on a pack, or each know only a part of it.
  record PackIndexedDifferently(PackId pack) implements Finding {
    @Override
    public Severity severity() {
      return Severity.ERROR;
    }

    @Override
    public String thing() {
      return name(pack);
    }

    @Override
    public String message() {
      return "is in several index files, with different content";
    }
  }

  /// A pack holds trees and data, which restic has not written since version 0.8.
  record PackMixed(PackId pack) implements Finding {
    @Override
    public Severity severity() {
      return Severity.HINT;
    }

    @Override
    public String thing() {
      return name(pack);
    }

    @Override
    public String message() {
      return "holds both trees and data";
    }
  }

  /// A pack's bytes are not right.
  ///
  /// @param damagedBlobs how many of its blobs cannot be read
  /// @param details what is wrong, the first few things
  record PackDamaged(PackId pack, int damagedBlobs, List<String> details) implements Finding {
    public PackDamaged {
      details = List.copyOf(details);
    }

    @Override
    public Severity severity() {
      return Severity.ERROR;
    }

    @Override
    public String thing() {
      return name(pack);
    }

    @Override
    public String message() {
      return "is damaged: " + String.join("; ", details);
    }
  }

  /// One copy of a blob cannot be read; another can.
  record CopyDamaged(BlobHandle blob, PackId pack, String detail) implements Finding {
    @Override
    public Severity severity() {
      return Severity.ERROR;
    }

    @Override
    public String thing() {
      return "blob " + blob.type().jsonName() + "/" + blob.id();
    }

    @Override
    public String message() {
      return "is damaged in " + name(pack) + ", another copy is good: " + detail;
    }
  }

  /// A tree that is needed cannot be had.
  record TreeDamaged(BlobId tree, String message) implements Finding {
    @Override
    public Severity severity() {
      return Severity.ERROR;
    }

    @Override
    public String thing() {
      return "tree " + tree;
    }
  }

  /// An entry of a tree is not right.
  ///
  /// @param name of the entry, as [OsString] has it
  record EntryDamaged(BlobId tree, String name, Severity severity, String message)
      implements Finding {
    @Override
    public String thing() {
      return "entry '" + OsString.display(name) + "' of tree " + tree;
    }
  }

  private static String name(PackId pack) {
    return "pack " + pack;
  }
}

package dev.holdfast.engine.recover.plan;

import java.util.List;
import java.util.Optional;

/// One thing that a recovery replaces: a database with the files beside it, a file, or a folder
/// with everything in it.
///
/// @param engine of a database: the kind
/// @param from where the new state is in the snapshot; of an undo, the safety copy
/// @param live where the new state goes: absolute, free of links
/// @param stageFolder beside the live one, made for this recovery alone
/// @param staged where the new state is until it goes live: in the stage folder, or deeper
/// @param safety where the present state goes, beside the live one
/// @param suffixes what the names of the files beside a database end in
/// @param liveInode of what is replaced; zero if there is nothing
/// @param bytes of the new state; zero if there is none
/// @param newFolders folders on the way to the live one that are missing, outermost first
/// @param fromExport whether `from` is a folder that a database engine exported to
/// @param mask statements that are run on a database before it goes live
public record Replacement(
    Kind kind,
    Action action,
    Optional<String> engine,
    String from,
    String live,
    String stageFolder,
    String staged,
    String safety,
    List<String> suffixes,
    long liveInode,
    long bytes,
    List<String> newFolders,
    boolean fromExport,
    Optional<String> mask)
    implements Replaced {
  /// What is replaced.
  public enum Kind {
    DATABASE,
    FILE,
    FOLDER
  }

  /// What becomes of what is there.
  public enum Action {
    /// It is put aside, and the new state takes its place.
    REPLACE,
    /// There is nothing.
    CREATE,
    /// It is put aside, and nothing takes its place.
    REMOVE
  }

  public Replacement {
    suffixes = List.copyOf(suffixes);
    newFolders = List.copyOf(newFolders);
    if (!live.startsWith("/") || !safety.startsWith("/") || !stageFolder.startsWith("/")) {
      throw new IllegalArgumentException("a replacement needs absolute paths: " + live);
    }
    if ((action == Action.CREATE) != (liveInode == 0)) {
      throw new IllegalArgumentException(live + " to " + action + " with inode " + liveInode);
    }
  }

  /// Where the rows are noted that a masked database has.
  public String maskedNote() {
    return stageFolder + "/.holdfast-masked";
  }

  /// Where an export is, until a database was made of it.
  public String stagedExport() {
    return stageFolder + "/.holdfast-export";
  }

  /// The folder that the live one lies in.
  public String folder() {
    return folderOf(live);
  }

  /// The folder that `path` lies in.
  public static String folderOf(String path) {
    int slash = path.lastIndexOf('/');
    return slash <= 0 ? "/" : path.substring(0, slash);
  }
}

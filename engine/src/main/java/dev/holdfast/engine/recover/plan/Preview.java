package dev.holdfast.engine.recover.plan;

import dev.holdfast.engine.source.TableRows;
import dev.holdfast.posix.OsString;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.Quantity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A plan with what a person wants to know before saying yes.
///
/// @param space what is needed and what there is, for each file system that is written to
/// @param changes rows of the present state against the snapshot's, tables that differ only
/// @param counted whether the rows of both were known for every database
/// @param warnings sentences
public record Preview(
    Plan plan,
    List<Space> space,
    List<TableChange> changes,
    boolean counted,
    List<String> warnings) {
  public Preview {
    space = List.copyOf(space);
    changes = List.copyOf(changes);
    warnings = List.copyOf(warnings);
  }

  /// The same with more to know.
  public Preview withWarnings(List<String> more) {
    List<String> all = new ArrayList<>(warnings);
    all.addAll(more);
    return new Preview(plan, space, changes, counted, all);
  }

  /// Makes sure that there is room.
  ///
  /// @throws HoldfastException.InputOutput if there is not
  public void requireSpace() {
    for (Space one : space) {
      if (!one.isEnough()) {
        throw new HoldfastException.InputOutput(
            "the file system of %s has %s left, and the new state needs %s beside the live one"
                .formatted(
                    OsString.display(one.folder()),
                    Quantity.bytes(one.availableBytes()),
                    Quantity.bytes(one.neededBytes())),
            "make room there: safety copies of earlier recoveries, *.pre-restore.*, may be old",
            null);
      }
    }
  }

  /// What a file system must take.
  ///
  /// @param folder a folder on it
  public record Space(String folder, long neededBytes, long availableBytes) {
    public boolean isEnough() {
      return neededBytes <= availableBytes;
    }
  }

  /// A table whose number of rows changes.
  ///
  /// @param database where it lies
  /// @param now empty if the table is not there now
  /// @param then in the snapshot; empty if it is not there
  public record TableChange(String database, String table, OptionalLong now, OptionalLong then) {
    /// The tables whose numbers of rows differ, by name.
    public static List<TableChange> between(
        String database, List<TableRows> now, List<TableRows> then) {
      Map<String, Long> before = rows(now);
      Map<String, Long> after = rows(then);
      SortedSet<String> tables = new TreeSet<>(before.keySet());
      tables.addAll(after.keySet());
      List<TableChange> changes = new ArrayList<>();
      for (String table : tables) {
        OptionalLong has = number(before.get(table));
        OptionalLong had = number(after.get(table));
        if (!has.equals(had)) {
          changes.add(new TableChange(database, table, has, had));
        }
      }
      return changes;
    }

    private static OptionalLong number(@Nullable Long value) {
      return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }

    private static Map<String, Long> rows(List<TableRows> tables) {
      Map<String, Long> rows = new HashMap<>();
      tables.forEach(table -> rows.put(table.name(), table.rows()));
      return rows;
    }
  }
}

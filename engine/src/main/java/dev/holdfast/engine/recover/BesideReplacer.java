package dev.holdfast.engine.recover;

import dev.holdfast.engine.recover.plan.ServerDatabase;
import dev.holdfast.engine.recover.plan.Step;
import dev.holdfast.engine.source.SourceFacts;
import dev.holdfast.engine.source.TableRows;
import dev.holdfast.engine.source.postgres.DatabaseNames;
import dev.holdfast.engine.source.postgres.EarlierSessions;
import dev.holdfast.engine.source.postgres.Masking;
import dev.holdfast.engine.source.postgres.PostgresRecovery;
import dev.holdfast.engine.source.postgres.SeekableDump;
import dev.holdfast.engine.source.postgres.StagedDatabase;
import dev.holdfast.repository.error.HoldfastException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Replaces a database of a server by one that is made beside it: then names change.
final class BesideReplacer extends DatabaseReplacer {
  private static final String OID = "oid";

  /// Those of the dump, if this process has read it.
  private @Nullable List<TableRows> rows;

  BesideReplacer(ServerDatabase it, Context context) {
    super(it, context);
  }

  @Override
  void endEarlierSessions() {
    new EarlierSessions(server(), names()).end();
  }

  @Override
  public Map<String, String> stage() {
    takeOver();
    if (!it().bringsSomething()) {
      return Map.of();
    }
    return Map.of(OID, Long.toString(it().isUndo() ? kept() : load()));
  }

  private long kept() {
    return server()
        .find(it().staged())
        .map(PostgresRecovery.Entry::oid)
        .orElseThrow(() ->
            new HoldfastException.NotFound(
                "the safety copy '" + it().staged() + "' is gone", "see 'psql -l'"));
  }

  private long load() {
    StagedDatabase staged = new StagedDatabase(server(), it().staged());
    staged.drop();
    try (SeekableDump file = dump().fetch(temporary(), Step.STAGE)) {
      rows = expected(file);
      return staged.load(file, it().liveOid(), facts());
    }
  }

  @Override
  public void verify() {
    if (!it().bringsSomething() || it().isUndo()) {
      return;
    }
    takeOver();
    StagedDatabase staged = new StagedDatabase(server(), it().staged());
    Optional<Masking> masking =
        it().mask().map(statements -> new Masking(server(), it().staged(), statements));
    if (masking.map(Masking::isDone).orElse(false)) {
      return; // what was there before was checked, and is no longer what the dump has
    }
    staged.check(dump().head(), expectedRows());
    staged.adaptExtensions(
        facts(), it().hadSomething() ? Optional.of(it().live()) : Optional.empty());
    masking.ifPresent(Masking::run);
  }

  private List<TableRows> expectedRows() {
    if (rows == null) {
      rows = facts().map(SourceFacts::tables).orElse(null);
    }
    if (rows == null) {
      try (SeekableDump file = dump().fetch(temporary(), Step.VERIFY)) {
        rows = expected(file);
      }
    }
    return rows;
  }

  @Override
  public boolean swap(Map<String, String> facts) {
    takeOver();
    names(facts).swap();
    return false;
  }

  @Override
  public boolean unswap(Map<String, String> facts) {
    takeOver();
    names(facts).unswap();
    return false;
  }

  private DatabaseNames names(Map<String, String> facts) {
    String oid = facts.getOrDefault(OID, "0");
    if (it().bringsSomething() && oid.equals("0")) {
      throw new HoldfastException.Corrupt(
          "the journal does not say what was staged for " + it().describe(), "", null);
    }
    return new DatabaseNames(server(), names(), it().liveOid(), Long.parseLong(oid));
  }

  @Override
  public boolean discard() {
    if (it().bringsSomething() && !it().isUndo()) {
      takeOver();
      new StagedDatabase(server(), it().staged()).drop();
    }
    return false;
  }

  @Override
  public boolean tidy() {
    return false;
  }
}

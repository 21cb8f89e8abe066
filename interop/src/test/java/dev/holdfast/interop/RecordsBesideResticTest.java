package dev.holdfast.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.repository.OpenOptions;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.record.RecordId;
import dev.holdfast.repository.record.RecordKind;
import dev.holdfast.repository.record.Records;
import dev.holdfast.repository.record.StoredRecord;
import dev.holdfast.repository.store.LocalStore;
import dev.holdfast.testkit.Command;
import dev.holdfast.testkit.ResticProgram;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Records of Holdfast's own in a repository are neither seen nor touched by whatever restic does
/// to it, and go where the repository is copied to.
@Tag("slow")
class RecordsBesideResticTest {
  @TempDir Path folder;
  private Workplace work;
  private RecordId record;

  @BeforeEach
  void makeARepositoryWithARecord() throws Exception {
    work = Workplace.in(folder);
    work.initByRestic(1);
    for (String content : List.of("one", "two", "three")) {
      Path file = Files.writeString(folder.resolve("file"), content);
      work.restic().run("backup", file.toString()).succeeded();
    }
    try (LocalStore store = new LocalStore(work.restic().repository());
        Repository repository = open(store)) {
      record = new Records(repository).save(RecordKind.DRILL, "the record");
    }
  }

  @Test
  void aRecordOutlivesEverythingThatTheResticOfDebianDoes() {
    outlives(work.restic());
  }

  @Test
  void aRecordOutlivesEverythingThatANewerResticDoes() {
    ResticProgram restic = work.newerRestic();
    outlives(restic);
    restic.run("tag", "--add", "x").succeeded();
    restic.run("prune", "--max-unused", "0").succeeded();
    restic.run("unlock", "--remove-all").succeeded();
    restic.run("repair", "index").succeeded();
    restic.run("repair", "packs", "0".repeat(64));
    restic.run("repair", "snapshots", "--forget").succeeded();
    restic.run("rewrite", "--forget", "--exclude", "nothing").succeeded();
    assertThatTheRecordIsThere(work.restic().repository());
  }

  @Test
  void aRecordGoesWhereTheRepositoryIsCopiedTo() {
    Path copy = folder.resolve("copy");
    Command.of("cp", "-r", work.restic().repository().toString(), copy.toString())
        .run()
        .succeeded();
    assertThatTheRecordIsThere(copy);
  }

  private void outlives(ResticProgram restic) {
    assertThat(restic.run("snapshots").succeeded().output()).contains("3 snapshots");
    restic.run("migrate", "upgrade_repo_v2").succeeded();
    restic.run("forget", "--keep-last", "1", "--prune").succeeded();
    restic.run("rebuild-index", "--read-all-packs");
    restic.checkClean();
    assertThatTheRecordIsThere(restic.repository());
  }

  private void assertThatTheRecordIsThere(Path root) {
    try (LocalStore store = new LocalStore(root);
        Repository repository = open(store)) {
      assertThat(new Records(repository).list(RecordKind.DRILL).all())
          .containsExactly(new StoredRecord(record, RecordKind.DRILL, "the record"));
    }
  }

  private Repository open(LocalStore store) {
    return Repository.open(store, work.password().getBytes(UTF_8), OpenOptions.DEFAULT);
  }
}

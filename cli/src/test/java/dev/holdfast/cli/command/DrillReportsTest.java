package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Run;
import dev.holdfast.cli.setup.ExitCode;
import dev.holdfast.engine.json.JsonFields;
import dev.holdfast.engine.json.JsonOrigin;
import dev.holdfast.engine.json.JsonTree;
import dev.holdfast.testkit.Command;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/// The reports that a person files, of an app whose names and answers are markup: they are read by
/// parsers, and say what they should.
@Tag("slow")
class DrillReportsTest {
  private static final String HOSTILE = "<script>alert('1')</script> & \"so on\"";

  @TempDir static Path folder;
  private static Path home;
  private static Path database;
  private static Run run;

  @BeforeAll
  static void anAppWithHostileNames() throws Exception {
    home = folder.toRealPath();
    Path data = Files.createDirectories(home.resolve("da<b>ta & co"));
    database = data.resolve("sh\"op'<i>.db");
    Command.of(
            "sqlite3",
            database.toString(),
            "CREATE TABLE t(x); INSERT INTO t VALUES (1), (2), (3)",
            "CREATE TABLE said(x); INSERT INTO said VALUES ('" + HOSTILE.replace("'", "''") + "')")
        .run()
        .succeeded();
    Path config = home.resolve("holdfast.yaml");
    Files.writeString(
        config,
        """
        apps:
          shop:
            root: '%s'
            sources:
              main: {path: 'sh"op''<i>.db'}
            checks:
              rows: {sql: SELECT count(*) FROM t, source: main, equals: '3'}
              said: {sql: SELECT x FROM said, source: main, equals: nothing}
            drill: {scratch: %s}
        """
            .formatted(data, home.resolve("scratch")));
    run = Run.on(home, home.resolve("repository")).set("HOLDFAST_CONFIG", config.toString());
    run.holdfast("init").done();
    run.holdfast("backup", "shop").done();
    run.holdfast(
            "drill",
            "shop",
            "--report",
            home.resolve("report.html").toString(),
            "--report",
            home.resolve("report.json").toString(),
            "--report",
            home.resolve("report.txt").toString())
        .with(ExitCode.FAILED);
  }

  @Test
  void theJsonIsOneObjectThatSaysWhatWasProvenAndWhatWasNot() throws Exception {
    String text = Files.readString(home.resolve("report.json"));

    JsonFields report = JsonTree.read(new JsonOrigin("the report"), text.strip());

    assertThat(text).endsWith("}\n").hasLineCount(1);
    assertThat(report.text("app")).isEqualTo("shop");
    assertThat(report.truth("passed")).isFalse();
    assertThat(report.texts("reasons"))
        .singleElement()
        .asString()
        .contains("the check 'said' failed: the answer is '" + HOSTILE + "'");
    JsonFields source = report.objects("sources").getFirst();
    assertThat(source.text("path")).isEqualTo(database.toString());
    assertThat(source.text("kind")).isEqualTo("sqlite");
    assertThat(source.truth("proven")).isTrue();
    assertThat(source.number("rows")).isEqualTo(4);
    List<JsonFields> checks = report.objects("checks");
    assertThat(checks.stream().map(check -> check.text("name"))).containsExactly("rows", "said");
    assertThat(checks.getFirst().truth("passed")).isTrue();
    assertThat(checks.getLast().text("detail")).contains(HOSTILE);
    assertThat(Instant.parse(report.text("start"))).isBefore(Instant.parse(report.text("end")));
    assertThat(report.object("times").number("to_data_millis"))
        .isLessThanOrEqualTo(report.object("times").number("to_service_millis"));
    assertThat(run.holdfast("snapshots", "--json").done().out())
        .contains(report.object("snapshot").text("id"));
  }

  @Test
  void thePageIsWellFormedAndHasEveryTextAsText() throws Exception {
    String page = Files.readString(home.resolve("report.html"));

    Document document = parse(page);

    assertThat(page).contains("Content-Security-Policy", "default-src 'none'");
    for (String element : List.of("script", "b", "i", "img", "iframe", "a")) {
      assertThat(document.getElementsByTagName(element).getLength()).as(element).isZero();
    }
    assertThat(texts(document, "title")).containsExactly("The drill of shop FAILED.");
    assertThat(texts(document, "h2"))
        .containsExactly("Why it failed", "What was drilled", "Sources", "Checks");
    assertThat(texts(document, "li")).singleElement().asString().contains(HOSTILE);
    assertThat(texts(document, "td"))
        .contains(database.toString(), "sqlite", "rows", "passed", "FAILED")
        .anyMatch(text -> text.contains("4 rows in 2 tables"))
        .anyMatch(text -> text.contains(HOSTILE));
  }

  /// As XML: all that HTML leaves open here is `meta`.
  private static Document parse(String page) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    String closed = page.replaceAll("(<meta [^>]*)>", "$1/>");
    return factory.newDocumentBuilder().parse(new InputSource(new StringReader(closed)));
  }

  private static List<String> texts(Document document, String element) {
    NodeList found = document.getElementsByTagName(element);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < found.getLength(); i++) {
      texts.add(found.item(i).getTextContent());
    }
    return texts;
  }

  @Test
  void theTextSaysTheSameInLines() throws Exception {
    List<String> lines = Files.readAllLines(home.resolve("report.txt"));

    assertThat(lines.getFirst()).isEqualTo("The drill of shop FAILED.");
    assertThat(lines)
        .anyMatch(line -> line.startsWith("snapshot "))
        .anyMatch(line -> line.startsWith("time to data ") && line.contains(" s for "))
        .anyMatch(line -> line.startsWith("time to service "))
        .anyMatch(line -> line.contains(database.toString()) && line.contains("4 rows in 2 tables"))
        .anyMatch(line -> line.startsWith("rows ") && line.contains("passed"))
        .anyMatch(line -> line.startsWith("said ") && line.contains("FAILED"))
        .anyMatch(line -> line.startsWith("FAILED: the check 'said'") && line.contains(HOSTILE));
  }
}

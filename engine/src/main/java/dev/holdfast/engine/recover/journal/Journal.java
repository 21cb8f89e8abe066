package dev.holdfast.engine.recover.journal;

import dev.holdfast.engine.json.JsonFields;
import dev.holdfast.engine.json.JsonOrigin;
import dev.holdfast.engine.json.JsonTree;
import dev.holdfast.engine.recover.files.LiveFiles;
import dev.holdfast.engine.recover.plan.Plan;
import dev.holdfast.engine.recover.plan.Step;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The journal of one recovery. Each method that records returns when the record is durable. A last
/// line that a crash cut short counts as never written. Not thread-safe; one process at a time, see
/// [JournalFolder].
///
/// Records: `plan` first; then `begin` and `done` for each step, with what later steps need to
/// know; `back` when the way turns round; `undone` for each step taken back; `end` last; after that
/// `confirming` and `confirmed` when the safety copies are deleted.
public final class Journal {
  private static final long VERSION = 1;

  private static final JsonOrigin ORIGIN = new JsonOrigin("a record of the journal");

  /// It says that a recovery may be under way, and not whose: nothing is touched until a person has
  /// looked.
  private static final String DAMAGED =
      "look at what it was about: if that recovery has ended, move the file away, and everything else"
          + " goes on";

  /// Closes a line that a crash cut short. No record ends with it.
  private static final String CUT_SHORT = "~";

  private final LiveFiles files;
  private final String path;
  private final InstantSource clock;
  private final Plan plan;
  private final long number;
  private final Set<Step> begun = EnumSet.noneOf(Step.class);
  private final Set<Step> done = EnumSet.noneOf(Step.class);
  private final Set<Step> undone = EnumSet.noneOf(Step.class);
  private final Map<Step, Map<String, String>> facts = new EnumMap<>(Step.class);
  private Optional<String> backReason = Optional.empty();
  private Optional<Ending> ending = Optional.empty();
  private String message = "";
  private final Map<Step, Instant> begunAt = new EnumMap<>(Step.class);
  private final Map<Step, Instant> doneAt = new EnumMap<>(Step.class);
  private Optional<Instant> endedAt = Optional.empty();
  private Confirmation confirmation = Confirmation.NONE;
  private boolean endsInTheMiddle;

  /// What became of the safety copies.
  public enum Confirmation {
    /// They stay.
    NONE,
    /// Their deletion has begun.
    BEGUN,
    /// They are gone.
    DONE
  }

  private Journal(LiveFiles files, String path, InstantSource clock, Plan plan, long number) {
    this.number = number;
    this.files = files;
    this.path = path;
    this.clock = clock;
    this.plan = plan;
  }

  /// Begins the journal of a plan in a new file.
  ///
  /// @param number larger than those of all recoveries before
  static Journal create(LiveFiles files, String path, InstantSource clock, Plan plan, long number) {
    Journal journal = new Journal(files, path, clock, plan, number);
    journal.append("plan", Map.of("plan", PlanCodec.encode(plan), "number", number));
    return journal;
  }

  /// Reads a journal.
  ///
  /// @return empty if the crash came before its plan was durable: nothing was done then
  /// @throws HoldfastException.Corrupt if it is damaged
  /// @throws HoldfastException.Unsupported if a later version wrote it
  static Optional<Journal> open(LiveFiles files, String path, InstantSource clock) {
    String text;
    try {
      text = new String(files.read(path), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new HoldfastException.InputOutput(
          "the journal " + path + " cannot be read: " + Reason.of(e), "", e);
    }
    String whole = text.substring(0, text.lastIndexOf('\n') + 1);
    Journal journal = null;
    for (String line : whole.lines().toList()) {
      if (line.endsWith(CUT_SHORT)) {
        continue;
      }
      JsonFields record = readable(line, path);
      if (record.number("v") > VERSION) {
        throw new HoldfastException.Unsupported(
            "the journal " + path + " was written by a later version",
            "use the program that wrote it, or a later one");
      }
      if (journal == null) {
        journal =
            new Journal(
                files,
                path,
                clock,
                PlanCodec.decode(record.object("plan")),
                record.has("number") ? record.number("number") : 0);
      } else {
        journal.apply(record);
      }
    }
    if (journal != null) {
      journal.endsInTheMiddle = whole.length() < text.length();
    }
    return Optional.ofNullable(journal);
  }

  private static JsonFields readable(String line, String path) {
    try {
      return JsonTree.read(ORIGIN, line);
    } catch (HoldfastException.Corrupt e) {
      throw new HoldfastException.Corrupt(path + ": " + e.getMessage(), DAMAGED, e);
    }
  }

  private void apply(JsonFields record) {
    Optional<Step> step = record.optional("step").flatMap(Step::parse);
    switch (record.text("record")) {
      case "begin" -> {
        begun.add(known(step));
        begunAt.put(known(step), at(record));
        undone.remove(known(step));
        remember(known(step), record.textMap("facts"));
      }
      case "done" -> {
        done.add(known(step));
        doneAt.put(known(step), at(record));
        remember(known(step), record.textMap("facts"));
      }
      case "back" -> backReason = Optional.of(record.text("reason"));
      case "undone" -> undone.add(known(step));
      case "end" -> {
        ending = Ending.parse(record.text("ending"));
        message = record.text("message");
        endedAt = Optional.of(at(record));
      }
      case "confirming" -> confirmation = Confirmation.BEGUN;
      case "confirmed" -> confirmation = Confirmation.DONE;
      default ->
          throw new HoldfastException.Corrupt(
              path + " has a record that is unknown: " + record.text("record"), DAMAGED, null);
    }
  }

  private Instant at(JsonFields record) {
    try {
      return Instant.parse(record.text("at"));
    } catch (DateTimeException e) {
      throw new HoldfastException.Corrupt(path + " has a record of no time", DAMAGED, e);
    }
  }

  private Step known(Optional<Step> step) {
    return step.orElseThrow(
        () -> new HoldfastException.Corrupt(path + " has a record of no step", DAMAGED, null));
  }

  private void remember(Step step, Map<String, String> more) {
    facts.computeIfAbsent(step, _ -> new LinkedHashMap<>()).putAll(more);
  }

  /// Records that a step begins, with what must be known to take it back.
  public void begin(Step step, Map<String, String> known) {
    append("begin", Map.of("step", step.word(), "facts", known));
    begun.add(step);
    undone.remove(step);
    remember(step, known);
  }

  /// Records that a step is done, with what later steps must know.
  public void done(Step step, Map<String, String> known) {
    append("done", Map.of("step", step.word(), "facts", known));
    done.add(step);
    remember(step, known);
  }

  /// Records that from now on everything is taken back.
  public void back(String reason) {
    append("back", Map.of("reason", reason));
    backReason = Optional.of(reason);
  }

  /// Records that a step was taken back.
  public void undone(Step step) {
    append("undone", Map.of("step", step.word()));
    undone.add(step);
  }

  /// Records the end.
  public void end(Ending how, String why) {
    append("end", Map.of("ending", how.word(), "message", why));
    ending = Optional.of(how);
    message = why;
  }

  /// Records that from now on the safety copies are deleted.
  public void confirming() {
    append("confirming", Map.of());
    confirmation = Confirmation.BEGUN;
  }

  /// Records that the safety copies are gone.
  public void confirmed() {
    append("confirmed", Map.of());
    confirmation = Confirmation.DONE;
  }

  private void append(String record, Map<String, ?> more) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("v", VERSION);
    line.put("at", clock.instant().toString());
    line.put("record", record);
    more.entrySet().stream()
        .sorted(Map.Entry.comparingByKey(java.util.Comparator.reverseOrder()))
        .forEach(entry -> line.put(entry.getKey(), entry.getValue()));
    String before = endsInTheMiddle ? CUT_SHORT + "\n" : "";
    endsInTheMiddle = true; // until it is known to be whole
    try {
      files.append(path, (before + JsonTree.line(line) + "\n").getBytes(StandardCharsets.US_ASCII));
      endsInTheMiddle = false;
    } catch (IOException e) {
      throw new HoldfastException.InputOutput(
          "the journal " + path + " cannot be written: " + Reason.of(e),
          "make room there, then see 'holdfast recover status'",
          e);
    }
  }

  public Plan plan() {
    return plan;
  }

  /// Which recovery it is, in the order in which they began, whatever the clock said; zero if the
  /// journal is from before there were numbers.
  public long number() {
    return number;
  }

  /// Where it lies.
  public String path() {
    return path;
  }

  public boolean hasBegun(Step step) {
    return begun.contains(step);
  }

  /// Whether anything was done, or may have been.
  public boolean hasBegunAny() {
    return !begun.isEmpty();
  }

  public boolean isDone(Step step) {
    return done.contains(step);
  }

  /// Whether a step that had begun was taken back.
  public boolean isUndone(Step step) {
    return undone.contains(step);
  }

  /// Why everything is taken back; empty if the way is forward.
  public Optional<String> backReason() {
    return backReason;
  }

  /// How it ended; empty if it has not.
  public Optional<Ending> ending() {
    return ending;
  }

  /// What became of the safety copies since.
  public Confirmation confirmation() {
    return confirmation;
  }

  /// When it ended, as far as that was read from the journal.
  public Optional<Instant> endedAt() {
    return endedAt;
  }

  /// How long a step took that another process did.
  public Optional<Duration> duration(Step step) {
    Instant from = begunAt.get(step);
    Instant to = doneAt.get(step);
    return from == null || to == null ? Optional.empty() : Optional.of(Duration.between(from, to));
  }

  /// What was said at the end.
  public String message() {
    return message;
  }

  /// Everything that a step recorded.
  public Map<String, String> facts(Step step) {
    return Map.copyOf(facts.getOrDefault(step, Map.of()));
  }

  /// Something that a step recorded.
  public Optional<String> fact(Step step, String name) {
    return Optional.ofNullable(facts.getOrDefault(step, Map.of()).get(name));
  }

  /// The step that is under way or comes next.
  public Step current() {
    for (Step step : Step.values()) {
      if (!done.contains(step)) {
        return step;
      }
    }
    return Step.COMMIT;
  }
}

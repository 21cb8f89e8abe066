package dev.holdfast.engine.recover.service;

import dev.holdfast.engine.config.recovery.HealthCheck;
import dev.holdfast.repository.error.HoldfastException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/// Asks once whether all is well.
final class HealthQuestions {
  private final TimedCommand commands;
  private final HttpCalls calls;
  private final BiFunction<String, String, List<String>> query;

  HealthQuestions(
      TimedCommand commands, HttpCalls calls, BiFunction<String, String, List<String>> query) {
    this.commands = commands;
    this.calls = calls;
    this.query = query;
  }

  /// What is not well; empty if all is.
  Optional<String> problem(HealthCheck check, Duration limit) {
    return switch (check.question()) {
      case HealthCheck.Command command -> {
        TimedCommand.Ended ended = commands.run(command.words(), limit);
        yield ended.wasGood()
            ? Optional.empty()
            : Optional.of(ended.describe(command.words(), limit));
      }
      case HealthCheck.Http http ->
          Optional.of(calls.send(http.call(), limit).problem()).filter(text -> !text.isEmpty());
      case HealthCheck.Sql sql -> problem(sql);
    };
  }

  private Optional<String> problem(HealthCheck.Sql sql) {
    try {
      for (String answer : query.apply(sql.database(), sql.query())) {
        boolean good =
            sql.expected()
                .map(answer::equals)
                .orElseGet(() -> !answer.isEmpty() && !answer.equals("0"));
        if (!good) {
          return Optional.of(
              "it answers '%s'%s"
                  .formatted(
                      answer, sql.expected().map(it -> " instead of '" + it + "'").orElse("")));
        }
      }
      return Optional.empty();
    } catch (HoldfastException.Cancelled e) {
      throw e;
    } catch (HoldfastException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }
}

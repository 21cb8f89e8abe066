package dev.holdfast.engine.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.config.shape.YamlReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What is said of files that are not right, word for word.
class ProblemMessagesTest {
  @Test
  void everyProblemIsNamedAtOnceInTheOrderOfTheFile() {
    assertThat(
            Yaml.problems(
                """
                repositories:
                  main:
                    location: /srv/backup
                    pasword-file: /etc/secret
                apps:
                  shop:
                    repository: mian
                    sources:
                      db:
                        path: shop.db
                        required: maybe
                    on-error: partal
                    on-error: fail
                """))
        .containsExactly(
            "holdfast.yaml:4:5: unknown key 'pasword-file' in the repository 'main': did you mean"
                + " 'password-file'?",
            "holdfast.yaml:7:17: there is no repository 'mian' under 'repositories': did you"
                + " mean 'main'?",
            "holdfast.yaml:11:19: 'required' must be true or false, not text",
            "holdfast.yaml:12:15: 'on-error' cannot be 'partal': did you mean 'partial'?",
            "holdfast.yaml:13:5: the key 'on-error' is given twice, the first time at line 12,"
                + " column 5");
  }

  static Stream<Arguments> wrongFiles() {
    String app = "apps: {a: {root: /r, sources: {s: {path: x}}, ";
    String source = "apps: {a: {root: /r, sources: {s: ";
    return Stream.of(
        Arguments.of("", "1:1: the file is empty"),
        Arguments.of("# nothing\n", "1:1: the file is empty"),
        Arguments.of("just text", "1:1: the file must be a mapping, not text"),
        Arguments.of("[]", "1:1: the file must be a mapping, not a list"),
        Arguments.of("apps:\n", "1:6: 'apps' must be a mapping from names, not nothing"),
        Arguments.of(
            "a: &x 1\nb: *x\n",
            "1:4: anchors are refused: write values out, in quotes if they begin with '&'"),
        Arguments.of(
            "a: *x\n",
            "1:4: aliases are refused: write the value out, in quotes if it begins with '*'"),
        Arguments.of(
            "a: !!binary x\n",
            "1:4: tags are refused: leave it out, or write in quotes what begins with '!'"),
        Arguments.of(
            "apps: {}\n---\napps: {}\n",
            "2:1: a second document begins here, and one is all that is read"),
        Arguments.of("apps:\n\ta: 1\n", "2:1: a tab, where YAML allows spaces only"),
        Arguments.of(
            "a: [*.tmp]\n",
            "1:6: a '*' at the beginning stands for an alias: write such text in quotes"),
        Arguments.of(
            "a:\n  b: {t}/c.db\n",
            "2:9: what begins with a quote, '{' or '[' has ended before this: write all of it in"
                + " quotes"),
        Arguments.of(
            "a: echo b: c\n",
            "1:10: no value can begin at this colon: write text with ': ' in it in quotes, and see"
                + " whether the line begins where its neighbours do"),
        Arguments.of("? [a]\n: 1\n", "1:3: a key must be text, not a list"),
        Arguments.of("apps: \"a\u0001\"\n", "1:9: a character that YAML does not allow"),
        Arguments.of(
            "frobnicate: 1\n",
            "1:1: unknown key 'frobnicate' in the file: known are repositories, apps"),
        Arguments.of(
            "repository: {}\n",
            "1:1: unknown key 'repository' in the file: did you mean 'repositories'?"),
        Arguments.of(
            app + "keep: {}}}\n",
            "1:53: 'keep' has no rule that keeps anything: add one, such as 'last: 10'"),
        Arguments.of(
            app + "keep: {last: 0}}}\n", "1:60: 'last' must be a whole number from 1 to 1000000"),
        Arguments.of(
            app + "keep: {within: 7}}}\n",
            "1:62: 'within' must be text, not a number: write it in quotes"),
        Arguments.of(app + "keep: {last: 1, within: 0d}}}\n", "1:71: 'within' is zero"),
        Arguments.of(
            app + "keep: {within: 1w}}}\n", "1:62: 'within' is not a period: such as 30d or 1y6m"),
        Arguments.of(
            app + "keep: {dayly: 1}}}\n",
            "1:54: unknown key 'dayly' in 'keep': did you mean 'daily'?"),
        Arguments.of(
            app + "keep-in-copies: {b: {last: 1}}}}\n",
            "1:64: there is no repository 'b' under 'copies'"),
        Arguments.of("apps: {a: {}}\n", "1:11: the app 'a' has no 'sources'"),
        Arguments.of("apps: {a: {sources: {}}}\n", "1:21: the app 'a' has no source"),
        Arguments.of(
            app + "expect-every: often}}\n",
            "1:61: 'expect-every' is not a duration: such as 7d, 24h, 90m or 1d12h"),
        Arguments.of(app + "expect-every: 0h}}\n", "1:61: 'expect-every' is zero"),
        Arguments.of(
            app + "copies: [x]}}\n", "1:56: there is no repository 'x' under 'repositories'"),
        Arguments.of(
            app + "checks: {c: {sql: x, source: t, at-least: 1}}}}\n",
            "1:76: there is no source 't' in the app: did you mean 's'?"),
        Arguments.of(
            app + "checks: {c: {sql: x}}}}\n",
            "1:65: 'sql' needs 'equals', or 'at-least' and 'at-most' or one of them"),
        Arguments.of(
            app + "checks: {c: {sql: x, at-least: 2, at-most: 1}}}}\n",
            "1:78: 'at-least' is more than 'at-most'"),
        Arguments.of(
            app + "checks: {c: {files: '[x'}}}}\n",
            "1:67: invalid pattern '/r/[x': malformed pattern [x"),
        Arguments.of(
            app + "checks: {c: {files: x, at-least: 0}}}}\n", "1:80: 'at-least' is less than 1"),
        Arguments.of(
            app + "checks: {c: {files: x, min-size: much}}}}\n",
            "1:80: 'min-size' is not a size: such as 512B, 10K or 2M"),
        Arguments.of(
            app + "checks: {c: {run: x, time-limit: 0s}}}}\n", "1:80: 'time-limit' is zero"),
        Arguments.of(
            "apps: {'a b': {root: /r, sources: {s: {path: x}}}}\n",
            "1:8: 'a b' cannot be the name of an app: letters, digits, '.', '_' and '-', at most 64, the first a letter or digit"),
        Arguments.of(source + "{}}}}\n", "1:35: the source 's' needs one of 'path', 'postgres'"),
        Arguments.of(
            source + "{path: x, postgres: {}}}}}\n",
            "1:45: 'path' and 'postgres' are both given in the source 's': give one of them"),
        Arguments.of(
            source + "{postgres: {}, required: true}}}}\n",
            "1:50: 'required' is only for a source with 'path'"),
        Arguments.of(
            source + "{path: 2026}}}}\n",
            "1:42: 'path' must be text, not a number: write it in quotes"),
        Arguments.of(
            source + "{path: true}}}}\n",
            "1:42: 'path' must be text, not true or false: write it in quotes"),
        Arguments.of(
            source + "{path: a/../b}}}}\n",
            "1:42: 'path' is no pattern: '..' is not allowed in it"),
        Arguments.of(
            source + "{path: 'a/{x'}}}}\n",
            "1:42: 'path' is no pattern: after '{' in '{x' there must be a name and '}', such as {tenant}; write '\\{' if it is part of the name"),
        Arguments.of(
            source + "{path: '{x}/{x}'}}}}\n", "1:42: 'path' is no pattern: {x} is in it twice"),
        Arguments.of(
            source + "{path: '{x}*'}}}}\n",
            "1:42: 'path' is no pattern: two wildcards stand side by side in '{x}*'"),
        Arguments.of(
            source + "{path: 'a/**'}}}}\n",
            "1:42: 'path' is no pattern: '**' stands at its end: name the folder itself"),
        Arguments.of(
            "apps: {a: {sources: {s: {path: x}}}}\n",
            "1:32: 'path' is relative, and the app has no 'root' to begin at"),
        Arguments.of(
            source + "{postgres: {url: 'postgres://u:hunter2@h/d'}}}}}\n",
            "1:52: 'url' holds a password: give it by 'password-file', 'password-command' or 'password-env', or the whole URL by 'url-env'"),
        Arguments.of(
            source + "{postgres: {url: 'host=h password=hunter2'}}}}}\n",
            "1:52: 'url' holds a password: give it by 'password-file', 'password-command' or 'password-env', or the whole URL by 'url-env'"),
        Arguments.of(
            source + "{postgres: {settings: {pasword: hunter2}}}}}}\n",
            "1:58: unknown key 'pasword' in 'settings'"),
        Arguments.of(
            source + "{postgres: {settings: {port: 70000}}}}}}\n",
            "1:64: 'port' must be a whole number from 0 to 65535"),
        Arguments.of(
            source + "{postgres: {password-env: 'hunter2!'}}}}}\n",
            "1:61: 'password-env' is not the name of an environment variable: letters, digits and '_', such as DATABASE_PASSWORD"),
        Arguments.of(
            source + "{postgres: {databases: []}}}}}\n",
            "1:58: 'databases' names none: leave it out for the one of the connection"),
        Arguments.of(app + "excludes: '*.tmp'}}\n", "1:57: 'excludes' must be a list, not text"),
        Arguments.of(app + "excludes: ['[']}}\n", "1:57: invalid pattern '[': malformed pattern ["),
        Arguments.of(
            app + "tags: ['a,b']}}\n",
            "1:54: an item of 'tags' is not a tag: one line without commas"),
        Arguments.of(
            app + "on-error: [fail]}}\n",
            "1:57: 'on-error' must be one of fail, partial, not a list"),
        Arguments.of(app + "hooks: {before: [{run: []}]}}}\n", "1:70: 'run' names no program"),
        Arguments.of(
            app + "hooks: {before: [{time-limit: 3s}]}}}\n",
            "1:64: an item of 'before' has no 'run'"),
        Arguments.of(
            app + "hooks: {before: [{run: x, time-limit: 3}]}}}\n",
            "1:85: 'time-limit' must be text, not a number: write it in quotes"),
        Arguments.of(
            app + "hooks: {before: [{run: x, time-limit: 3 days}]}}}\n",
            "1:85: 'time-limit' is not a duration: such as 30s, 5m or 1h30m"),
        Arguments.of(
            app + "hooks: {before: [{run: x, time-limit: 0s}]}}}\n", "1:85: 'time-limit' is zero"),
        Arguments.of(
            app + "recover: {service: [{stop-limit: 3s}]}}}\n",
            "1:67: an item of 'service' needs one of 'systemd', 'docker', 'compose', 'commands', 'maintenance'"),
        Arguments.of(
            app + "recover: {service: [{systemd: a.service, docker: a}]}}}\n",
            "1:88: 'systemd' and 'docker' are both given in an item of 'service': give one of them"),
        Arguments.of(
            app + "recover: {service: [{systemd: 'a b'}]}}}\n",
            "1:77: 'systemd' is not a unit: such as shop.service"),
        Arguments.of(
            app + "recover: {service: [{compose: {services: web}}]}}}\n",
            "1:77: 'compose' needs 'project', 'file', or both"),
        Arguments.of(
            app + "recover: {service: [{commands: {stop: x}}]}}}\n",
            "1:78: 'commands' has no 'start'"),
        Arguments.of(
            app + "recover: {health: [{http: {url: 'http://u:hunter2@h/'}}]}}}\n",
            "1:79: 'url' is not an address: such as http://localhost:8080/health, without a user or password"),
        Arguments.of(
            app + "recover: {health: [{http: {url: 'http://h/', status: 99}}]}}}\n",
            "1:100: 'status' must be a whole number from 100 to 599"),
        Arguments.of(
            app + "recover: {health: [{http: {url: 'http://h/', headers: {Host: {text: x}}}}]}}}\n",
            "1:101: the header 'Host' is set by itself: leave it out"),
        Arguments.of(
            app + "recover: {health: [{http: {url: 'http://h/', headers: {A: {}}}}]}}}\n",
            "1:101: the header 'A' needs 'text', 'file' or 'env'"),
        Arguments.of(
            app + "recover: {health: [{sql: {source: t, query: x}}]}}}\n",
            "1:81: there is no such source in the app: did you mean 's'?"),
        Arguments.of(
            app + "recover: {health: [{run: x, interval: 0s}]}}}\n", "1:85: 'interval' is zero"),
        Arguments.of(
            app + "recover: {masks: {t: mask.sql}}}}\n",
            "1:64: there is no such source in the app: did you mean 's'?"),
        Arguments.of(app + "recover: {masks: {s: []}}}}\n", "1:64: the mask of 's' names no file"),
        Arguments.of(
            app + "recover: {after: [{redis: {database: 1}}]}}}\n",
            "1:73: 'redis' needs one of 'delete-prefixes', 'delete-everything'"),
        Arguments.of(
            app + "recover: {after: [{redis: {delete-prefixes: []}}]}}}\n",
            "1:91: 'delete-prefixes' names none: 'delete-everything: true' deletes every key"),
        Arguments.of(
            app + "recover: {after: [{redis: {delete-prefixes: ''}}]}}}\n",
            "1:91: 'delete-prefixes' is not text: not empty"),
        Arguments.of(
            app + "recover: {after: [{redis: {delete-everything: false}}]}}}\n",
            "1:93: nothing would be deleted: give 'delete-prefixes' instead"),
        Arguments.of(
            app + "recover: {safety-copies: {delete-after: 2w}}}}\n",
            "1:87: 'delete-after' is not an age: such as 7d, 12h or 1d12h"),
        Arguments.of(
            app + "recover: {safety-copies: {delete-after: 0d}}}}\n",
            "1:87: 'delete-after' is zero"),
        Arguments.of(
            "repositories: {a: {location: /r, password-env: A, password-file: b}}\n",
            "1:51: 'password-env' and 'password-file' are both given in the repository 'a': give one of them"),
        Arguments.of(
            "repositories: {a: {location: /r, pack-size: 3}}\n",
            "1:45: 'pack-size' must be a whole number from 4 to 128"),
        Arguments.of(
            "repositories: {a: {location: ''}}\n", "1:30: 'location' is not text: one line"),
        Arguments.of(
            "repositories: {a: {location: /a}, b: {location: /b}}\napps: {a: {root: /r, sources: {s: {path: x}}}}\n",
            "2:8: the app 'a' does not say which repository: 'repository' is one of a, b"),
        Arguments.of(
            "repositories: {a: {location: /a}, b: {location: /b}}\napps: {a: {repository: a, copies: [b, b], sources: {s: {path: /x}}}}\n",
            "2:39: 'b' is under 'copies' twice"),
        Arguments.of(
            "repositories: {a: {location: /a}, b: {location: /b}}\napps: {a: {repository: a, copies: [b, a], sources: {s: {path: /x}}}}\n",
            "2:39: 'a' is the app's own repository, so that there is no copy"));
  }

  @ParameterizedTest
  @MethodSource("wrongFiles")
  void wrongFileIsRefusedInTheseWords(String yaml, String problem) {
    assertThat(Yaml.problems(yaml))
        .singleElement()
        .asString()
        .startsWith("holdfast.yaml:" + problem);
  }

  @Test
  void numberIsWrittenInDigits() {
    assertThat(Yaml.problems("repositories: {a: {location: /r, pack-size: 1e1}}"))
        .containsExactly("holdfast.yaml:1:45: 'pack-size' must be a whole number from 4 to 128");
  }

  @Test
  void noMessageRepeatsAValueThatMayBeASecret() {
    assertThat(
            Yaml.problems(
                """
                repositories:
                  main: {location: /r, password: hunter2, password-env: "hunter2 hunter2"}
                apps:
                  a:
                    sources:
                      s: {postgres: {url: "postgres://u:hunter2@h/", settings: {port: hunter2}}}
                """))
        .hasSizeGreaterThan(2)
        .noneMatch(message -> message.contains("hunter2"));
  }

  @Test
  void unclosedTextIsShownWhereItGoesWrong() {
    assertThat(Yaml.problems("apps:\n  a: {root: \"x\n"))
        .singleElement()
        .asString()
        .startsWith("holdfast.yaml:");
    assertThat(Yaml.problems("apps: [a\nb: c\n"))
        .singleElement()
        .asString()
        .startsWith("holdfast.yaml:2:");
  }

  @Test
  void bytesThatAreNotUtf8AreRefused() {
    assertThat(Yaml.read(new byte[] {'a', ':', ' ', (byte) 0xff}, Map.of()).problems())
        .extracting(Object::toString)
        .containsExactly("holdfast.yaml:1:4: what stands here is not UTF-8");
    byte[] cutOff = {
      '#', (byte) 0xc3, (byte) 0xa9, '\n', '#', (byte) 0xc3, (byte) 0xa9, (byte) 0xc3
    };
    assertThat(Yaml.read(cutOff, Map.of()).problems())
        .extracting(Object::toString)
        .containsExactly("holdfast.yaml:2:3: what stands here is not UTF-8");
  }

  @Test
  void byteOrderMarkIsNoPartOfTheFile() {
    assertThat(Yaml.problems("\uFEFF" + Yaml.manual())).isEmpty();
  }

  @Test
  @Timeout(60)
  void hostileFilesAreRefusedInTime() {
    List<String> files =
        List.of(
            "[".repeat(YamlReader.MAX_BYTES),
            "{a: ".repeat(100_000),
            "- ".repeat(100_000),
            "a: " + "\"" + "x".repeat(YamlReader.MAX_BYTES),
            "? ".repeat(100_000),
            "a\n".repeat(200_000),
            "a: [" + "x, ".repeat(200_000) + "]");
    for (String file : files) {
      assertThat(Yaml.problems(file)).isNotEmpty();
    }
  }

  @Test
  void fileThatIsTooLargeIsRefusedUnread() {
    byte[] large = " ".repeat(YamlReader.MAX_BYTES + 1).getBytes(StandardCharsets.UTF_8);
    assertThat(Yaml.read(large, Map.of()).problems())
        .extracting(Object::toString)
        .containsExactly("holdfast.yaml:1:1: the file is larger than 1048576 bytes");
  }

  @Test
  void ofVeryManyProblemsTheRestIsCounted() {
    StringBuilder yaml = new StringBuilder();
    for (int i = 0; i < 500; i++) {
      yaml.append("key").append(i).append(": 1\n");
    }
    ConfigurationLoader.Result result = Yaml.read(yaml.toString(), Map.of());
    assertThat(result.problems()).hasSize(ConfigurationLoader.MAX_PROBLEMS);
    assertThat(result.leftOut()).isEqualTo(400);
  }

  @Test
  void controlCharactersOfTheFileDoNotReachTheTerminal() {
    assertThat(Yaml.problems("\"a\\e[31mb\": 1\n"))
        .containsExactly(
            "holdfast.yaml:1:1: unknown key 'a\\x1b[31mb' in the file: known are repositories, apps");
  }
}

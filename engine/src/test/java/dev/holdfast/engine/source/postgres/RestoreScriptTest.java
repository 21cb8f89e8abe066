package dev.holdfast.engine.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.source.TableRows;
import java.nio.charset.Charset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Scripts as `pg_restore` writes them.
final class RestoreScriptTest {
  @ParameterizedTest
  @CsvSource({
    "UTF8, UTF-8, größe",
    "LATIN1, ISO-8859-1, größe",
    "WIN1251, windows-1251, имя",
    "EUC_JP, EUC-JP, 名前"
  })
  void namesAreReadInTheEncodingThatTheScriptSets(String encoding, String charset, String name) {
    byte[] script =
        """
        --
        SET statement_timeout = 0;
        SET client_encoding = '%s';
        CREATE FUNCTION public.f() RETURNS void LANGUAGE sql AS $$
        SET client_encoding = 'SJIS';
        $$;
        COPY public."%2$s" (id) FROM stdin;
        1
        2
        \\.
        """
            .formatted(encoding, name)
            .getBytes(Charset.forName(charset));
    RestoreScript read = new RestoreScript();

    read.accept(script, script.length);

    assertThat(read.tables()).containsExactly(new TableRows("public." + name, 2, true));
  }
}

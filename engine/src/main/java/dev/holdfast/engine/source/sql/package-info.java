/// SQL that a person gives: scripts taken apart, statements that mask a database, queries with
/// their answers.
///
/// It knows JDBC and no kind of database. Open [dev.holdfast.engine.source.sql.SqlScript] first.
@NullMarked
package dev.holdfast.engine.source.sql;

import org.jspecify.annotations.NullMarked;

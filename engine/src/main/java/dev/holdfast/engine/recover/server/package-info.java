/// Databases of servers in a plan: what is to be done with each is found out here, before anything
/// is done.
///
/// Knows servers and plans, not how a plan is carried out. Open
/// [dev.holdfast.engine.recover.server.ServerPlanner] first.
@NullMarked
package dev.holdfast.engine.recover.server;

import org.jspecify.annotations.NullMarked;

package io.runnel.engine;

import io.runnel.fetch.FetchSettings;

/**
 * What all sessions of one client have in common.
 *
 * @param loop owns their state
 * @param planning plans all their fetches together
 * @param announcer tells the app what happens
 */
record EngineParts(EngineLoop loop, Planning planning, Announcer announcer, FetchSettings settings) {}

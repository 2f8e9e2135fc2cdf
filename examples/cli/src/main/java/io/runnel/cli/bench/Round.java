package io.runnel.cli.bench;

import io.runnel.cli.client.GetReport;

/** A fetch and what was measured beside it. */
record Round(RawRound raw, FetchRound fetch) {
    /** A fetch's rate over the raw one. */
    double ratioToRaw(GetReport get) {
        return get.megabytesPerSecond() / raw.megabytesPerSecond();
    }

    /** The steady rate over the raw one. */
    double steadyRatioToRaw() {
        return fetch.steadyMegabytesPerSecond() / raw.megabytesPerSecond();
    }
}

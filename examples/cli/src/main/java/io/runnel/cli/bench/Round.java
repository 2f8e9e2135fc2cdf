package io.runnel.cli.bench;

import io.runnel.cli.client.GetReport;

/** A fetch and the raw channels measured beside it. */
record Round(RawRound raw, FetchRound fetch) {
    /** A fetch's rate over the raw one; 0 where there is none. */
    double ratioToRaw(GetReport get) {
        return raw.megabytesPerSecond() == 0 ? 0 : get.megabytesPerSecond() / raw.megabytesPerSecond();
    }
}

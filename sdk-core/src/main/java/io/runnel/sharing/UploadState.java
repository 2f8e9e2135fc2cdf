package io.runnel.sharing;

/** Whether a client uploads, and if not, the first reason why. */
public enum UploadState {
    /** Peers are served what they ask for. */
    ALLOWED,
    /** The mode is OFF. */
    MODE_OFF,
    /** The mode is SHADOW. */
    MODE_SHADOW,
    /** The viewer has not agreed. */
    NO_CONSENT,
    /** The policy says download only. */
    DOWNLOAD_ONLY,
    /** The network is metered. */
    METERED,
    /** The month's volume is used up. */
    MONTH_USED_UP,
    /** The ledger cannot be written, so that what is uploaded would not be counted. */
    LEDGER_FAILED;

    /**
     * Decides.
     *
     * @param mode the stricter of the app's and the app server's
     * @param metered as the network has it
     */
    public static UploadState of(SharingMode mode, UploadPolicy policy, boolean metered) {
        if (mode == SharingMode.OFF) {
            return MODE_OFF;
        }
        if (mode == SharingMode.SHADOW) {
            return MODE_SHADOW;
        }
        if (!policy.consented()) {
            return NO_CONSENT;
        }
        if (policy.downloadOnly()) {
            return DOWNLOAD_ONLY;
        }
        return policy.pauseOnMetered() && metered ? METERED : ALLOWED;
    }
}

//! What a `command_status` means for us (SMPP 3.4 §5.1.3).
//!
//! Statuses stay plain numbers: vendors own 0x400–0x4FF, and an unknown one must be reported, not
//! feared.

/// No error.
pub const ESME_ROK: u32 = 0x00;
/// Invalid command length.
pub const ESME_RINVCMDLEN: u32 = 0x02;
/// Invalid command id.
pub const ESME_RINVCMDID: u32 = 0x03;
/// Incorrect bind status for the given command.
pub const ESME_RINVBNDSTS: u32 = 0x04;
/// Already in bound state.
pub const ESME_RALYBND: u32 = 0x05;
/// System error.
pub const ESME_RSYSERR: u32 = 0x08;
/// Bind failed.
pub const ESME_RBINDFAIL: u32 = 0x0d;
/// Invalid password.
pub const ESME_RINVPASWD: u32 = 0x0e;
/// Invalid system id.
pub const ESME_RINVSYSID: u32 = 0x0f;
/// Message queue full.
pub const ESME_RMSGQFUL: u32 = 0x14;
/// Throttling error: the allowed message rate is exceeded.
pub const ESME_RTHROTTLED: u32 = 0x58;
/// Temporary application error.
pub const ESME_RX_T_APPN: u32 = 0x64;
/// Permanent application error.
pub const ESME_RX_P_APPN: u32 = 0x65;

/// What to do after a submit was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The centre has the message.
    Accepted,
    /// Not taken: slow down, then the same message may be sent again.
    Throttled,
    /// Not taken for a reason of the centre: another centre may take it.
    Temporary,
    /// Not taken, and no centre would.
    Permanent,
}

/// Reads the status of a `submit_sm_resp`. A status nobody knows counts as permanent: repeating a
/// refused message can only cost.
pub const fn verdict(status: u32) -> Verdict {
    match status {
        ESME_ROK => Verdict::Accepted,
        ESME_RTHROTTLED | ESME_RMSGQFUL => Verdict::Throttled,
        ESME_RSYSERR | ESME_RX_T_APPN | ESME_RINVBNDSTS => Verdict::Temporary,
        _ => Verdict::Permanent,
    }
}

/// Whether a bind was refused for a reason that only an operator can remove: the credentials.
///
/// "Already bound" and "bind failed" are not among them: a centre says so while it still holds the
/// session of a gateway that has just been restarted, and that is over within seconds.
pub const fn is_bind_refusal(status: u32) -> bool {
    matches!(status, ESME_RINVPASWD | ESME_RINVSYSID)
}

/// What the operator should look at after a refused bind.
pub(crate) const fn bind_advice(status: u32) -> &'static str {
    match status {
        ESME_RINVPASWD => "the centre does not accept the password",
        ESME_RINVSYSID => "the centre does not know the system_id",
        ESME_RALYBND => "the centre still holds another session of this system_id",
        ESME_RBINDFAIL => {
            "the centre refuses the bind; if it goes on, check system_id, password and address"
        }
        _ => "the centre refuses the bind for now",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_sort_into_what_to_do_next() {
        assert_eq!(verdict(0x00), Verdict::Accepted);
        assert_eq!(verdict(0x58), Verdict::Throttled);
        assert_eq!(verdict(0x14), Verdict::Throttled);
        assert_eq!(verdict(0x64), Verdict::Temporary);
        for status in [0x01, 0x0a, 0x0b, 0x45, 0x65, 0x400, 0x4ff, 0xdead_beef, u32::MAX] {
            assert_eq!(verdict(status), Verdict::Permanent, "{status:#x}");
        }
    }

    #[test]
    fn only_credentials_count_as_refused() {
        let refused: Vec<u32> = (0..0x500).filter(|status| is_bind_refusal(*status)).collect();
        assert_eq!(refused, [0x0e, 0x0f]);
    }
}

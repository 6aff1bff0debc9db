//! Why a database is not taken, in sentences with what is to be done about it.

use super::address::Address;
use super::link::Cause;
use super::presence::InTheWay;
use super::schema::Unfit;
use tokio_postgres::error::SqlState;

/// Why the server does not let us in, with what is to be done.
pub(super) fn why_unreachable(address: &Address, error: &tokio_postgres::Error) -> String {
    let (hosts, database, user) = (address.hosts(), address.database(), address.user());
    let cause = Cause::of(error);
    let Some(code) = error.code() else {
        let text = cause.to_string();
        return if text.contains("does not allow writes") {
            format!(
                "the server at {hosts} takes no writes: it is a replica, or set to be read only; name the primary, or several hosts separated by commas, of which the one that takes writes is used"
            )
        } else if text.contains("password missing") {
            format!("the server at {hosts} asks for a password, and the address has none")
        } else if text.contains("does not support TLS") {
            format!(
                "the server at {hosts} speaks no TLS: set `ssl = on` there, or write sslmode=disable behind the address where the network is trusted"
            )
        } else if text.contains("certificate") {
            format!(
                "the certificate of the server at {hosts} is not trusted ({cause}): name the file with its authority in INTERVIEW_EXTRA_CA, and the host as the certificate does"
            )
        } else {
            format!(
                "no server answers at {hosts} ({cause}): is it running, and is the address right?"
            )
        };
    };
    if *code == SqlState::INVALID_CATALOG_NAME {
        format!(
            "there is no database {database} at {hosts}: make it with `create database {database} owner {user}`"
        )
    } else if *code == SqlState::INSUFFICIENT_PRIVILEGE {
        format!(
            "the user {user} may not connect to the database {database} ({cause}): `grant connect on database {database} to {user}`"
        )
    } else if *code == SqlState::INVALID_PASSWORD
        || *code == SqlState::INVALID_AUTHORIZATION_SPECIFICATION
    {
        format!(
            "the server at {hosts} does not let the user {user} in ({cause}): are user and password right, and does its pg_hba.conf let this machine in?"
        )
    } else if *code == SqlState::TOO_MANY_CONNECTIONS {
        format!(
            "the server at {hosts} takes no more connections ({cause}): raise its max_connections, or close others"
        )
    } else {
        format!("the server at {hosts} does not do what it should ({cause})")
    }
}

/// Why a database is not taken, with what is to be done.
pub(super) fn why_unfit(address: &Address, why: Unfit) -> String {
    let (database, user) = (address.database(), address.user());
    match why {
        Unfit::Newer { found, known } => format!(
            "the database {database} was used by a newer version of this program (its tables have version {found}, this one knows {known}): run that version, or name another database"
        ),
        Unfit::Forbidden(cause) => format!(
            "the user {user} may not make or use the tables in the database {database} ({cause}): make it the owner, with `alter database {database} owner to {user}`"
        ),
        Unfit::Foreign(cause) => format!(
            "the schema interview_assistant in the database {database} holds something else than this program's tables ({cause}): name another database"
        ),
        Unfit::Trouble(trouble) => format!(
            "the tables in the database {database} cannot be brought up to date ({}); nothing was changed",
            trouble.cause()
        ),
    }
}

/// Who is in the way, and of whom.
pub(super) fn why_not_entered(address: &Address, alone: bool, InTheWay(who): &InTheWay) -> String {
    let database = address.database();
    let who = if who.is_empty() {
        String::new()
    } else {
        format!(" ({who})")
    };
    if alone {
        format!(
            "another process uses the database {database}{who}: stop it first, or name a database that nobody uses"
        )
    } else {
        format!(
            "the database {database} is being filled or moved by another process{who}: wait until its `restore` or `transfer` has ended"
        )
    }
}

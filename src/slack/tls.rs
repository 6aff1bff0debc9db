//! The process-wide crypto provider of TLS. Which certificates are trusted is not in here.

/// Makes ring the provider of every TLS connection of this process. May be called any number of times, from any thread.
///
/// Without it, and with features unified by some other crate, rustls may find two providers or none and panic at the
/// first `https://` or `wss://` connection.
pub fn install() {
    // An error only says that one is installed already: by an earlier call of ours, or by whoever embeds us.
    let _already = rustls::crypto::ring::default_provider().install_default();
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_provider_may_be_installed_twice() {
        super::install();
        super::install();
        assert!(rustls::crypto::CryptoProvider::get_default().is_some());
    }
}

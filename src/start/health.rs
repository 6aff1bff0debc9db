//! Whether a bot on this machine is well, asked from outside: a container's health check. What it answers is in `slack::http`.

use super::StartFault;
use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::time::Duration;

/// How long the health check waits for each thing it waits for.
const PATIENCE: Duration = Duration::from_secs(3);

/// Asks a running bot on this machine whether it is well: a container's health check, without any other program.
///
/// # Errors
/// If nobody answers, or not with 200.
pub fn health(listen: SocketAddr) -> Result<(), StartFault> {
    let address = SocketAddr::new(
        match listen.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
            ip => ip,
        },
        listen.port(),
    );
    let line = first_line(address).map_err(|source| StartFault::Unreachable { address, source })?;
    if line.split(' ').nth(1) == Some("200") {
        Ok(())
    } else {
        Err(StartFault::Unhealthy { address, line })
    }
}

fn first_line(address: SocketAddr) -> std::io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    // In one piece: somebody may answer and hang up before the second.
    let request = format!("GET /healthz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    let mut buffer = [0; 256];
    while answer.len() < 1024 && !answer.contains(&b'\n') {
        match stream.read(&mut buffer)? {
            0 => break,
            count => answer.extend_from_slice(&buffer[..count]),
        }
    }
    let text = String::from_utf8_lossy(&answer);
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    fn answering(answer: &'static str) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let address = listener.local_addr().expect("it has an address");
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("somebody asks");
            let _ = stream.read(&mut [0; 512]);
            stream.write_all(answer.as_bytes()).expect("they listen");
        });
        address
    }

    #[test]
    fn a_bot_that_says_200_is_well() {
        health(answering("HTTP/1.1 200 OK\r\n\r\nok")).expect("it is well");
    }

    #[test]
    fn anything_else_is_not() {
        let unwell = health(answering("HTTP/1.1 503 Service Unavailable\r\n\r\n"));
        assert!(matches!(unwell, Err(StartFault::Unhealthy { .. })));
        let silent = health(answering(""));
        assert!(matches!(silent, Err(StartFault::Unhealthy { .. })));
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let address = listener.local_addr().expect("it has an address");
        drop(listener);
        assert!(matches!(
            health(address),
            Err(StartFault::Unreachable { .. })
        ));
    }
}

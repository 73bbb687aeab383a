//! Gives the same work to all servers in turn, and prints what each of them needed for it.

mod dialect;
mod load;
mod server;
mod shape;

use shape::SHAPES;
fn main() -> Result<(), Box<dyn std::error::Error>> {
    rlimit::increase_nofile_limit(u64::MAX)?;
    let only = std::env::args().nth(1).unwrap_or_default();
    let servers = std::env::args().nth(2).unwrap_or_default();
    for shape in SHAPES.iter().filter(|s| only.is_empty() || only.split(',').any(|o| o == s.name)) {
        let mut base = 0.0;
        for kind in [server::FLOOR].into_iter().chain(server::OURS).chain(server::PEERS).chain(server::ECHO) {
            if !servers.is_empty() && kind != server::FLOOR && !servers.split(',').any(|s| kind.name.contains(s)) { continue; }
            let is_echo = kind.name.starts_with("echo");
            if is_echo && shape.name != "e" { continue; }
            if kind == server::FLOOR && shape.name == "d" { continue; }
            match shape.run(kind) {
                Ok(shape::Measured::Traffic { cpu, per_second, p50, p99, lost, disordered }) => {
                    if kind == server::FLOOR { base = cpu; }
                    println!("{:6} {:18} {:6.0} ns  {:5.2}  {:8.0}/s  p50 {:?} p99 {:?} lost {lost} dis {disordered}", shape.name, kind.name, cpu, cpu / base, per_second, p50, p99);
                }
                Ok(m) => println!("{:6} {:18} {:?}", shape.name, kind.name, m),
                Err(e) => println!("{} {} error {e}", shape.name, kind.name),
            }
        }
    }
    Ok(())
}

# Runs in a sandbox's network namespace, as root of the host. Ports: EgressPorts.
#
# 192.0.2.1 is an address nobody has (RFC 5737): what goes out needs one of its own to come from, because programs
# take a machine with 127.0.0.1 only for one that is offline.
PATH=$PATH:/usr/sbin:/sbin
ip -batch - <<'IP'
address add 192.0.2.1/32 dev lo
route add default dev lo src 192.0.2.1
IP
nft -f - <<'NFT'
table inet sallyport {
    chain to_relay {
        type nat hook output priority -100; policy accept;
        meta nfproto ipv6 return
        ip daddr { 127.0.0.0/8, 192.0.2.1 } return
        meta l4proto { tcp, udp } th dport 53 redirect to :53
        meta l4proto tcp redirect to :49985
    }
    chain nothing_else {
        type filter hook output priority 0; policy accept;
        ip daddr { 127.0.0.0/8, 192.0.2.1 } accept
        ip6 daddr ::1 accept
        meta l4proto tcp reject with tcp reset
        reject
    }
}
NFT

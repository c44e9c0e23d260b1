# Typed by root on the trial's machine: Postfix and Dovecot become the mail server of example.org and reporter.example.
# Everybody's password is sesame; the certificate is trusted the way a private authority is on Debian.
set -e
ip link set lo up 2>/dev/null || true
echo "127.0.0.1 mail.example.org localhost" >/etc/hosts
mkdir -p /etc/ssl/trial /srv/mail /usr/local/share/ca-certificates
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=mail.example.org \
    -addext keyUsage=critical,digitalSignature,keyCertSign -addext subjectAltName=DNS:mail.example.org \
    -keyout /etc/ssl/trial/key.pem -out /etc/ssl/trial/cert.pem 2>/dev/null
cp /etc/ssl/trial/cert.pem /usr/local/share/ca-certificates/trial.crt
chown nobody /srv/mail
for user in security ember sam carl bea; do
    echo "$user:{PLAIN}sesame:65534:65534::/srv/mail/$user::"
done >/etc/dovecot/trial.users
case $(dovecot --version) in
2.3.*)
    cat >/etc/dovecot/dovecot.conf <<'END'
protocols = imap lmtp
ssl_cert = </etc/ssl/trial/cert.pem
ssl_key = </etc/ssl/trial/key.pem
auth_username_format = %Ln
mail_location = maildir:%h/Maildir
passdb {
  driver = passwd-file
  args = scheme=PLAIN username_format=%n /etc/dovecot/trial.users
}
userdb {
  driver = passwd-file
  args = username_format=%n /etc/dovecot/trial.users
}
END
    ;;
*)
    cat >/etc/dovecot/dovecot.conf <<'END'
dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
protocols = imap lmtp
ssl_server_cert_file = /etc/ssl/trial/cert.pem
ssl_server_key_file = /etc/ssl/trial/key.pem
auth_username_format = %{user | username | lower}
mail_driver = maildir
mail_path = %{home}/Maildir
passdb passwd-file {
  passwd_file_path = /etc/dovecot/trial.users
  default_password_scheme = PLAIN
}
userdb passwd-file {
  passwd_file_path = /etc/dovecot/trial.users
}
END
    ;;
esac
cat >>/etc/dovecot/dovecot.conf <<'END'
listen = 127.0.0.1
ssl = required
first_valid_uid = 1
mail_fsync = never
lmtp_save_to_detail_mailbox = no
recipient_delimiter = +
namespace inbox {
  inbox = yes
  separator = /
  mailbox Sent {
    auto = create
    special_use = \Sent
  }
}
service lmtp {
  unix_listener /var/spool/postfix/private/dovecot-lmtp {
    user = postfix
    mode = 0600
  }
}
service auth {
  unix_listener /var/spool/postfix/private/auth {
    user = postfix
    mode = 0600
  }
}
protocol lmtp {
  postmaster_address = postmaster@example.org
}
END
postconf -e myhostname=mail.example.org mydestination="example.org reporter.example" inet_interfaces=loopback-only \
    inet_protocols=ipv4 mailbox_transport=lmtp:unix:private/dovecot-lmtp local_recipient_maps= recipient_delimiter=+ \
    smtpd_tls_cert_file=/etc/ssl/trial/cert.pem smtpd_tls_key_file=/etc/ssl/trial/key.pem \
    smtpd_sasl_type=dovecot smtpd_sasl_path=private/auth smtpd_sasl_auth_enable=yes compatibility_level=3.6
postconf -M smtps/inet="smtps inet n - n - - smtpd -o smtpd_tls_wrappermode=yes"
systemctl restart dovecot postfix

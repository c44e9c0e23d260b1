"""Invented reports about shops, banks and letters: what they are about is what spam is about."""

import pytest

from tests.support.screened import PLAIN, SPAMMY, held

SUBJECTS = """
Anyone can register an admin account
Open S3 bucket with customer invoices
Order total can be negative
Checkout accepts expired coupons
User can buy at old price after price change
Price tampering on checkout page
Free shipping without meeting the minimum
Free trial can be extended forever
Unlimited free trials through plus addresses
Promo code brute force
Referral bonus abuse
Wallet balance goes negative
Withdraw more than balance
Rounding error gives free money
Lottery draw predictable
Poker client leaks opponents' cards
Job board stores CVs in public folder
Salary data visible in HR API
Employee list exposed via LDAP
Document sharing link leaks after revocation
Signature verification skipped for empty documents
Fax gateway command injection
Voicemail PIN brute force
Package tracking IDOR
Delivery address change without login
Customs form stored XSS
Tax ID shown in page source
Refund endpoint missing auth
Medical records readable by other patients
Doctor portal session fixation
Prescription PDF path traversal
Dating profile photos not deleted
Adult filter bypass
Mortgage calculator prototype pollution
Insurance quote page SQLi
Bank connector logs credentials
Credit score API has no authorization
Investment dashboard CSRF
Stock ticker widget XSS
Newsletter form email injection
Campaign tracking pixel SSRF
SEO sitemap exposes drafts
Ad server open redirect
Customer support chat leaks other tickets
Membership card QR can be forged
Gift card codes are sequential
Ticket prices can be changed in the browser
Hotel booking shows other guests
Vacation planner imports calendar over ftp
Emails from your domain can be spoofed
Your mail server is an open relay
Your SSL certificate has expired
Your DNS zone allows transfers
Your nginx version is outdated
Your contact form is vulnerable
Your site is sending me to a phishing page
Your package has a backdoor
Your docker image contains a private key
Your update server is down
You are leaking user emails
You store passwords in plain text
Can you confirm receipt of my report?
Did you receive my report?
Following up on my report from last week
Any update on the issue I reported?
Second attempt: no answer to my report
Third reminder: vulnerability report
Final reminder before disclosure
Last warning before public disclosure
Request for PGP key
What is your PGP key?
Key expired?
Please confirm this is the right contact
Please call me, it is urgent
Important: please read before release
Important information about your software
Dear security team
Dear Sir/Madam, I found a bug
Greetings! Found a vulnerability
Hi team
Good day, security issue
Kindly check this bug
Need help with a security issue
Partnership with our security research team
Invitation to coordinated disclosure
Meeting about embargo
Conference talk about your bug
Article about your vulnerability
Press inquiry about CVE-2026-1234
Academic study on vulnerability handling
Survey of security contacts
Research: fuzzing results
Results of our audit
Audit report attached
Report attached (encrypted)
Attached: proof of concept
Screenshots attached
Video of exploit
Patch attached
New version still vulnerable
Fix incomplete
Regression of fixed bug
Money can be double spent
Zero amount invoice marks order as paid
Account lockout missing
Account enumeration on signup
Account deletion without password
Account recovery question bypass
Two accounts with the same email
Email change without confirmation
Password shown in URL
Password policy not enforced
Old password still works
Login with any password
Login CSRF
Logout does not invalidate session
Device stays trusted after reset
Notification settings IDOR
Subscription can be cancelled by others
Verification code sent to attacker
Verify endpoint returns the code
Limited user can become admin
Suspended user keeps API access
Restricted files downloadable
Blocked user can still message
Expired links still work
Pending invitation can be hijacked
Login page shows password in error message
Password change doesn't log out other devices
Email address change is never confirmed
Account settings page CSRF
Card number visible in support ticket
Wallet app crash on restore
I can't reset my password
My account is locked, please help
Problem logging in
How can I delete my account?
Account deletion request
GDPR request: delete my data
Please remove my data
Question about your privacy policy
Confirmation mail goes to the wrong person
Update mechanism downloads over http
Updates are not signed
Important security fix missing in 3.2 branch
Notification service exposes device tokens
Service account has admin rights
Default account with known password
Unused accounts are never disabled
Disabled account still receives mail
Closed tickets readable by anyone
Expired certificate on download server
Signature on release 2.4 is bad
Signed release does not verify
Verify script accepts wrong hash
Mail server accepts mail for any domain
SMTP server allows open relay
Outlook add-in leaks calendar
OneDrive sync client follows symlinks
PayPal button: price tampering
Stripe webhook secret in repository
Facebook login accepts any token
Apple sign-in: audience not checked
Google OAuth redirect not validated
Telegram bot token in source code
Amazon S3 bucket listing
Microsoft Store version is outdated
Bank transfer form has no CSRF token
Order confirmation page shows other customers
Shipping label generator SSRF
Receipt printer driver overflow
Payment gateway callback can be forged
Refund API allows negative amounts
Attachment preview runs scripts
Contract signing app trusts client time
Fax to mail gateway: header injection
Voucher codes brute-forceable
Points can be transferred from other users
Survey tool stored XSS
Winner page IDOR
Free disk space check missing
Best practice violation in session handling
Special characters break login
Limited shell escape
New finding
Update on my report
Reminder: no answer yet
Second report
Follow-up
Re: Your report
Re: Invoice module issue
Fwd: vulnerability in your product
Your software and CVE-2024-3094
Your repository contains a secret
Your GitHub action is exploitable
Your CI runs untrusted code
Your API returns too much
Your app crashes on start
Your firmware has a default password
Your mobile app ignores certificate errors
Your cookie has no Secure flag
Are you affected by the xz backdoor?
Is version 4 still supported?
When will the fix be released?
Can we talk about a vulnerability?
Want to report something
Need a PGP key to report
Have you fixed the parser bug?
Looking for the security contact
Never validated input in upload
Stop using MD5
Play store build leaks keys
Find attached the exploit
See attached advisory draft
Let me know who handles security
Introduction: I am a security researcher
Greetings from a researcher
Dear maintainers
To whom it may concern
Kind request for a security contact
Possible scam using your name
Someone is impersonating you
Fake invoices in your name
Phishing mails claim to be from you
Spam from your mailing list server
Lost my 2FA device
Weird mail from your domain
"""


@pytest.mark.parametrize("header", [PLAIN, SPAMMY], ids=["plain", "spammy"])
def test_no_report_about_business_is_held(header: dict[str, str]) -> None:
    """Words of the trade in question never outweigh that something is wrong with it."""
    assert held(SUBJECTS, header) == []

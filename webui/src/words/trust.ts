// The words of the guide that lets devices trust the box.
const en = {
  link: "Your browser warns about this box?", back: "Back", title: "Trust this box",
  lead: "The box makes its own certificates, which your devices do not know yet. Install its root once on each device; the warning is gone then.",
  compare: "Do this in your own network only, on a box that you see in front of you.",
  crt: "Root certificate (.crt)", profile: "Profile for Apple devices (.mobileconfig)",
  systems: [
    ["Windows", ["Download the .crt and open it.", "Install Certificate, Local Machine, then “Place all certificates in the following store”.", "Choose “Trusted Root Certification Authorities” and finish; start the browser again."]],
    ["macOS", ["Download the .mobileconfig and open it.", "System Settings, General, Device Management: open the profile “Pasokh” and install it.", "In Keychain Access set the Pasokh root to “Always Trust” if Safari still warns."]],
    ["iPhone, iPad", ["Download the .mobileconfig in Safari and allow it.", "Settings, “Profile Downloaded”, Install.", "Settings, General, About, Certificate Trust Settings: switch the Pasokh root on."]],
    ["Android", ["Download the .crt.", "Settings, Security, Encryption and credentials, Install a certificate, CA certificate.", "Choose the file. Firefox on Android needs its own setting to use it."]],
    ["Linux", ["Debian, Ubuntu: openssl x509 -inform der -in pasokh.crt -out /usr/local/share/ca-certificates/pasokh.crt, then update-ca-certificates.", "Fedora: trust anchor pasokh.crt", "Chromium: Settings, Privacy and security, Manage certificates, Authorities, Import."]],
    ["Firefox", ["Settings, Privacy and Security, View Certificates, Authorities, Import.", "Choose the .crt and tick “Trust this CA to identify websites”."]],
  ] as [string, string[]][],
};

const fa: typeof en = {
  link: "مرورگر دربارهٔ این دستگاه هشدار می‌دهد؟", back: "بازگشت", title: "اعتماد به این دستگاه",
  lead: "دستگاه گواهی‌هایش را خودش می‌سازد و دستگاه‌های شما هنوز آن را نمی‌شناسند. ریشهٔ آن را یک بار روی هر دستگاه نصب کنید تا هشدار از میان برود.",
  compare: "این کار را تنها در شبکهٔ خودتان و برای دستگاهی که پیش رویتان است انجام دهید.",
  crt: "گواهی ریشه (.crt)", profile: "پروفایل دستگاه‌های اپل (.mobileconfig)",
  systems: [
    ["Windows", ["فایل .crt را بگیرید و باز کنید.", "Install Certificate و Local Machine را بزنید، سپس «Place all certificates in the following store».", "«Trusted Root Certification Authorities» را انتخاب و تمام کنید؛ مرورگر را دوباره باز کنید."]],
    ["macOS", ["فایل .mobileconfig را بگیرید و باز کنید.", "در System Settings، General، Device Management پروفایل «Pasokh» را باز و نصب کنید.", "اگر Safari باز هم هشدار داد، در Keychain Access ریشهٔ Pasokh را «Always Trust» کنید."]],
    ["iPhone، iPad", ["فایل .mobileconfig را در Safari بگیرید و اجازه دهید.", "Settings، «Profile Downloaded»، Install.", "در Settings، General، About، Certificate Trust Settings ریشهٔ Pasokh را روشن کنید."]],
    ["Android", ["فایل .crt را بگیرید.", "Settings، Security، Encryption and credentials، Install a certificate، CA certificate.", "فایل را انتخاب کنید. Firefox در اندروید تنظیم خودش را هم لازم دارد."]],
    ["Linux", ["در Debian و Ubuntu: ‏openssl x509 -inform der -in pasokh.crt -out /usr/local/share/ca-certificates/pasokh.crt و سپس update-ca-certificates.", "در Fedora: ‏trust anchor pasokh.crt", "در Chromium: ‏Settings، Privacy and security، Manage certificates، Authorities، Import."]],
    ["Firefox", ["Settings، Privacy and Security، View Certificates، Authorities، Import.", "فایل .crt را انتخاب کنید و «Trust this CA to identify websites» را بزنید."]],
  ],
};

export const trustWords = { en, fa };

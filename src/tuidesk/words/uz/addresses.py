"""What is wrong with recipients as they were typed. `who` is clean."""

TEXTS: dict[str, str] = {
    "nobody": '"{who}" hech kimni bildirmaydi',
    "no_at": '"{who}" pochta manzili emas: @ yoʻq',
    "parts": '"{who}" pochta manzili emas',
    "long": '"{who}" manzil uchun juda uzun',
    "control": '"{who}" ichida manzilda boʻlolmaydigan belgi bor',
    "quote": '"{who}" ichidagi qoʻshtirnoq yopilmagan',
    "bracket": '"{who}" ichidagi < yopilmagan',
    "after": '"{who}" dan keyin vergul yetishmaydi',
    "no_number": "“{who}” + va davlat kodi bilan boshlanadigan telefon raqami emas",
    "blank": "“{who}” ichida boʻsh joy bor: odamlarni vergul bilan ajrating",
}

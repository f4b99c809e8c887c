"""Forms of address by language and rank."""

import pytest

from workflow.knowledge.grammar.address import Addressed, Rank, rank_of, salutation
from workflow.knowledge.grammar.cases import Gender

M, F, U = Gender.MALE, Gender.FEMALE, Gender.UNKNOWN


@pytest.mark.parametrize(
    ("who", "language", "words"),
    [
        (Addressed("Айлин Орнек", "мэр Кадыкёя", F), "ru", "Уважаемая госпожа Орнек!"),
        (Addressed("Ван Шили", "мэр города Чжэньцзян", M), "ru", "Уважаемый господин Ван!"),
        (Addressed("Образцов Ахмед Русланович", "мэр города Грозного", M), "ru", "Уважаемый Ахмед Русланович!"),
        (Addressed("Иванова Мария Петровна"), "ru", "Уважаемая Мария Петровна!"),
        (Addressed("Мария Петровна Иванова"), "ru", "Уважаемая Мария Петровна!"),
        (Addressed("Николаос Парадигмас", "генеральный консул", M), "ru", "Уважаемый господин Генеральный консул!"),
        (Addressed("", "Чрезвычайный и Полномочный Посол", F), "ru", "Уважаемая госпожа Посол!"),
        (Addressed("Петров П. П.", "депутат", M), "ru", "Уважаемый господин Петров!"),
        (Addressed("Саша Йорк", "директор"), "ru", "Уважаемые коллеги!"),
        (Addressed("Одабаши Шердиль Дара", "", M, "Одабаши"), "ru", "Уважаемый господин Одабаши!"),
        (Addressed("Aylin Örnek", "Mayor of Kadıköy"), "en", "Dear Mayor Örnek,"),
        (Addressed("Wang Shili", "Mayor of Zhenjiang", M), "en", "Dear Mayor Wang,"),
        (Addressed("John Smith", "Deputy Mayor", M), "en", "Dear Mr Smith,"),
        (Addressed("Jane Smith", "Head of Department", F), "en", "Dear Ms Smith,"),
        (Addressed("Nikolaos Paradigmas", "Consul General of Greece", M), "en", "Your Excellency,"),
        (Addressed("Jane Smith", "Ambassador of Chile", F), "en", "Your Excellency,"),
        (Addressed("Alex Smith", "teacher"), "en", "Dear Sir or Madam,"),
        (Addressed("Jeanne Martin", "Maire de Béziers", F), "fr", "Madame la Maire,"),
        (Addressed("Jean Martin", "adjoint au maire", M), "fr", "Monsieur,"),
        (Addressed("Alex Martin", "Maire"), "fr", "Madame, Monsieur,"),
        (Addressed("Aylin Örnek", "Kadıköy Belediye Başkanı", F), "tr", "Sayın Başkan,"),
        (Addressed("Deniz Deneme"), "tr", "Sayın Deniz Deneme,"),
        (Addressed("王示例", "镇江市市长", M), "zh", "尊敬的王示例市长先生："),
        (Addressed("王示例", "镇江市副市长", F), "zh", "尊敬的王示例女士："),
        (Addressed("王示例"), "zh", "尊敬的先生/女士："),
        (Addressed("Aylin Örnek", "Mayor"), "pl", "Dear Mayor Örnek,"),
    ],
)  # fmt: skip
def test_salutation(who: Addressed, language: str, words: str) -> None:
    assert salutation(who, language) == words


@pytest.mark.parametrize(
    ("post", "rank"),
    [("вице-мэр", Rank.PLAIN), ("Заместитель губернатора", Rank.PLAIN), ("глава города Ставрополя", Rank.MAYOR),
     ("главный врач", Rank.PLAIN), ("посольство", Rank.PLAIN), ("Governor", Rank.GOVERNOR), ("", Rank.PLAIN)],
)  # fmt: skip
def test_rank(post: str, rank: Rank) -> None:
    assert rank_of(post) is rank

using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using Xunit;

namespace LayerTime.Facade.Tests.Surface;

/// <summary>Every public member of the façade and of the core says what it is.</summary>
public sealed class DocumentationTests
{
    private const BindingFlags Own = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    // What F# writes by itself for records and unions.
    private static readonly HashSet<string> Generated = ["Equals", "GetHashCode", "CompareTo", "ToString", "Tag", "Tags"];

    [Fact]
    public void Every_public_member_of_the_facade_has_a_summary()
    {
        var documented = XmlIds.Read(typeof(Network).Assembly);

        Assert.DoesNotContain(PublicSurfaceTests.Exported().SelectMany(Members).Select(XmlIds.Of), id => !documented.HasSummary(id));
    }

    [Fact]
    public void Every_parameter_and_result_of_the_facade_is_described()
    {
        var documented = XmlIds.Read(typeof(Network).Assembly);
        var methods = PublicSurfaceTests.Exported().SelectMany(Members).OfType<MethodInfo>();
        var missing =
            from method in methods
            let element = documented.GetValueOrDefault(XmlIds.Of(method))
            where element is not null && element.Element("inheritdoc") is null
            from name in method.GetParameters().Select(parameter => parameter.Name).Append(NeedsReturns(method) ? "returns" : null)
            where name is not null
            where !(name == "returns" ? element.Elements("returns") : element.Elements("param").Where(param => param.Attribute("name")!.Value == name)).Any()
            select $"{XmlIds.Of(method)}: {name}";

        Assert.Empty(missing);
    }

    [Fact]
    public void Every_public_member_of_the_core_has_a_summary()
    {
        var assembly = typeof(Core.Numbers.Rational).Assembly;
        var documented = XmlIds.Read(assembly);
        var missing = assembly.GetExportedTypes().Where(IsWritten).SelectMany(CoreMembers)
            .Where(id => !documented.HasSummary(id) && !documented.HasSummary(Field(id)));

        Assert.True(!missing.Any(), string.Join('\n', missing));
    }

    // F# documents an explicit field as the field it is, and shows it as a property.
    private static string Field(string id) => id.StartsWith("P:", StringComparison.Ordinal) ? "F:" + id[2..] : id;

    private static bool IsExplicit(MemberInfo member) =>
        (member is PropertyInfo { GetMethod: { } getter } ? getter.Name : member.Name).Contains('.', StringComparison.Ordinal);

    private static bool NeedsReturns(MethodInfo method) => method.ReturnType != typeof(void) && !method.IsSpecialName;

    private static IEnumerable<MemberInfo> Members(Type type)
    {
        IEnumerable<MemberInfo> members = type.GetMembers(Own).Where(member => member is not Type);
        return members
            .Where(member => member is not MethodBase { IsSpecialName: true } method || method.Name.StartsWith("op_", StringComparison.Ordinal) || method.IsConstructor)
            .Where(member => !member.IsDefined(typeof(CompilerGeneratedAttribute)) && member.Name is not "value__" and not "<Clone>$")
            .Where(member => !IsImplied(type, member))
            .Prepend(type);
    }

    // What a record or a default constructor brings along without a word in the source.
    private static bool IsImplied(Type type, MemberInfo member) =>
        member is ConstructorInfo { IsPublic: true } constructor && constructor.GetParameters().Length == 0
        || (type.GetMethod("<Clone>$") is not null && member.Name is "Deconstruct");

    private static bool IsWritten(Type type) =>
        !type.IsDefined(typeof(CompilerGeneratedAttribute)) && type.Name != "Tags" && !type.Name.Contains('@', StringComparison.Ordinal)
        && !(type.IsNested && IsUnion(type.DeclaringType!) && Definition(type.BaseType!) == type.DeclaringType);

    private static Type Definition(Type type) => type.IsGenericType ? type.GetGenericTypeDefinition() : type;

    private static bool IsUnion(Type type) => Construct(type) == SourceConstruct.SumType;

    private static SourceConstruct Construct(Type type) =>
        (SourceConstruct)((int)(type.GetCustomAttribute<Microsoft.FSharp.Core.CompilationMappingAttribute>()?.SourceConstructFlags ?? 0) & 31);

    private static IEnumerable<string> CoreMembers(Type type)
    {
        var ids = type.GetMembers(Own)
            .Where(member => member is MethodInfo { IsSpecialName: false } or PropertyInfo or MethodInfo { Name: ['o', 'p', '_', ..] })
            .Where(member => !member.IsDefined(typeof(CompilerGeneratedAttribute)) && !Generated.Contains(member.Name) && !IsExplicit(member))
            .Where(member => member is not MethodInfo { IsVirtual: true, IsAbstract: false })
            .Where(member => !(IsUnion(type) && IsUnionMember(member)))
            .Select(XmlIds.Of);
        var cases = IsUnion(type)
            ? Microsoft.FSharp.Reflection.FSharpType.GetUnionCases(type, null).Select(union => $"{XmlIds.Of(type)}.{union.Name}")
            : [];
        return ids.Concat(cases).Prepend(XmlIds.Of(type));
    }

    private static bool IsUnionMember(MemberInfo member) =>
        member.IsDefined(typeof(Microsoft.FSharp.Core.CompilationMappingAttribute)) || (member is PropertyInfo { Name: ['I', 's', ..] } property && property.PropertyType == typeof(bool));

    private enum SourceConstruct
    {
        SumType = 1,
    }
}

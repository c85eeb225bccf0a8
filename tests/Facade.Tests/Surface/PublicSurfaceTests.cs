using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Xunit;

namespace LayerTime.Facade.Tests.Surface;

/// <summary>Nobody who uses the façade meets a type of F# or of the core, with the exception of FsCheck's generators.</summary>
public sealed class PublicSurfaceTests
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    [Fact]
    public void Signatures_mention_no_type_of_FSharp_or_of_the_core()
    {
        var mentioned = Exported().SelectMany(type => Mentions(type).SelectMany(Parts).Select(part => (type, part)))
            .Where(pair => IsForeign(pair.part))
            .Select(pair => $"{pair.type} mentions {pair.part}")
            .Distinct();

        Assert.Empty(mentioned);
    }

    [Fact]
    public void Public_types_are_sealed_or_static_or_the_abstract_base_of_the_exceptions() =>
        Assert.All(Exported(), type => Assert.True(type.IsSealed || type == typeof(LayerTimeException), $"{type} is open"));

    [Fact]
    public void Everything_lives_in_one_namespace() => Assert.All(Exported(), type => Assert.Equal("LayerTime", type.Namespace));

    [Fact]
    public void The_walk_sees_what_it_has_to_see()
    {
        var parts = Mentions(typeof(Specimen)).SelectMany(Parts).ToHashSet();

        Assert.Contains(typeof(Microsoft.FSharp.Core.FSharpOption<>), parts);
        Assert.Contains(typeof(Microsoft.FSharp.Collections.FSharpList<>), parts);
        Assert.Contains(typeof(Core.Numbers.Rational), parts);
        Assert.Contains(typeof(Microsoft.FSharp.Core.Unit), parts);
    }

    internal static IReadOnlyList<Type> Exported() => typeof(Network).Assembly.GetExportedTypes();

    private static bool IsForeign(Type type) =>
        type.FullName is { } name
        && (name.StartsWith("Microsoft.FSharp", StringComparison.Ordinal)
            || type.Assembly == typeof(Core.Numbers.Rational).Assembly
            || (type.Assembly == typeof(FsCheck.Gen<>).Assembly && type != typeof(FsCheck.Gen<>)));

    /// <summary>Every type that a user of the type sees: bases, interfaces, constraints, attributes, members that are public or protected.</summary>
    private static IEnumerable<Type> Mentions(Type type)
    {
        IEnumerable<Type?> own = [type.BaseType, .. type.GetInterfaces(), .. type.GetGenericArguments().SelectMany(Constraints)];
        var attributes = type.GetCustomAttributesData().Select(attribute => attribute.AttributeType);
        return own.OfType<Type>().Concat(attributes).Concat(type.GetMembers(Declared).Where(IsVisible).SelectMany(OfMember));
    }

    private static IEnumerable<Type> Constraints(Type argument) => argument.IsGenericParameter ? argument.GetGenericParameterConstraints() : [argument];

    private static bool IsVisible(MemberInfo member) => member switch
    {
        MethodBase method => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly,
        FieldInfo field => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly,
        PropertyInfo property => property.GetAccessors(nonPublic: true).Any(IsVisible),
        EventInfo occurrence => IsVisible(occurrence.AddMethod!),
        Type nested => nested.IsNestedPublic || nested.IsNestedFamily || nested.IsNestedFamORAssem,
        _ => true,
    };

    private static IEnumerable<Type> OfMember(MemberInfo member) => member switch
    {
        MethodInfo method => [method.ReturnType, .. Parameters(method), .. method.GetGenericArguments().SelectMany(Constraints)],
        ConstructorInfo constructor => Parameters(constructor),
        PropertyInfo property => [property.PropertyType, .. property.GetIndexParameters().Select(parameter => parameter.ParameterType)],
        FieldInfo field => [field.FieldType],
        EventInfo occurrence => [occurrence.EventHandlerType!],
        Type nested => Mentions(nested),
        _ => [],
    };

    private static IEnumerable<Type> Parameters(MethodBase method) => method.GetParameters().Select(parameter => parameter.ParameterType);

    /// <summary>The type, what it is made of, and for a delegate what it takes and gives.</summary>
    private static IEnumerable<Type> Parts(Type type)
    {
        if (type.HasElementType)
        {
            return Parts(type.GetElementType()!);
        }

        IEnumerable<Type> self = type.IsGenericType ? [type.GetGenericTypeDefinition()] : type.IsGenericParameter ? [] : [type];
        var inner = type.GetGenericArguments().Where(argument => !argument.IsGenericParameter).SelectMany(Parts);
        var called = typeof(Delegate).IsAssignableFrom(type) && type.GetMethod("Invoke") is { } invoke && type.Assembly == typeof(Network).Assembly
            ? Parameters(invoke).Append(invoke.ReturnType).SelectMany(Parts)
            : [];
        return self.Concat(inner).Concat(called);
    }

    private abstract class Specimen
    {
        public event Action<Core.Numbers.Rational>? Happened;

        public static readonly Microsoft.FSharp.Core.FSharpOption<int> Field = new(1);

        public IReadOnlyDictionary<string, Microsoft.FSharp.Collections.FSharpList<int>[]>? Deep => null;

        protected void Method<T>(Func<T, Microsoft.FSharp.Core.Unit> function) => Happened?.Invoke(default);
    }
}
